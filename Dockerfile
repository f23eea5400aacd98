# syntax=docker/dockerfile:1

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends librabbitmq-dev libmongoc-dev libsimdjson-dev libxgboost-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# The dependencies in a layer of their own: they change less often than the sources.
COPY Package.swift ./
RUN swift package resolve
COPY . .
RUN mkdir -p models
RUN swift build -c release --product herald --static-swift-stdlib -Xlinker -s \
    && install -D "$(swift build -c release --show-bin-path)/herald" /out/herald

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates libmongoc-1.0-0 librabbitmq4 libsimdjson14 libxgboost0 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /var/lib/herald herald
COPY --from=build /out/herald /usr/local/bin/herald
COPY --from=build /build/models /var/lib/herald/models
USER herald
WORKDIR /var/lib/herald
# `score` stops, drains and exits within 5 s of this signal.
STOPSIGNAL SIGTERM
ENTRYPOINT ["herald"]
CMD ["score"]
