import Scoring

extension WorldParameters {
    /// Nine invented providers, three a channel: one large, one good and dear, one cheap with a dialect of its own.
    ///
    /// Payload limits: SMTP hosts take 10 to 25 MB, one takes little; an SMS is at most 10 segments of 153 characters; FCM and APNs
    /// take 4 KiB. Latencies and prices are of the usual order: mail in tenths, SMS in tens of thousandths a message.
    package static let providers: [Provider] = [
        Provider(
            "em-a", .email, share: 0.5, quality: 3.6, headroom: 9.0, latencyMilliseconds: 850, timeoutMilliseconds: 30_000,
            payloadLimit: 10_000_000, filterStrictness: 1.0, price: 0.4),
        Provider(
            "em-b", .email, share: 0.3, quality: 3.2, headroom: 10.0, latencyMilliseconds: 1400, timeoutMilliseconds: 30_000,
            payloadLimit: 25_000_000, filterStrictness: 0.6, price: 0.9),
        Provider(
            "em-c", .email, share: 0.2, quality: 2.8, headroom: 12.5, latencyMilliseconds: 600, timeoutMilliseconds: 20_000,
            payloadLimit: 150_000, filterStrictness: 1.6, price: 0.15,
            dialect: [
                // Says 550 "frequency limited" for what will pass in half an hour, and for a full mailbox.
                .frequencyLimit: [Answer(.rejected, 550, 0.8), Answer(.softBounce, 450, 0.2)],
                .mailboxFull: [Answer(.hardBounce, 552, 0.3), Answer(.softBounce, 552, 0.7)],
                .overCapacity: [Answer(.rejected, 550, 0.4), Answer(.throttled, 421, 0.6)],
            ]),
        Provider(
            "sm-a", .sms, share: 0.5, quality: 3.3, headroom: 8.5, latencyMilliseconds: 1900, timeoutMilliseconds: 15_000,
            holdMilliseconds: 480_000, payloadLimit: 1530, filterStrictness: 1.0, price: 38),
        Provider(
            "sm-b", .sms, share: 0.3, quality: 3.5, headroom: 10.0, latencyMilliseconds: 1300, timeoutMilliseconds: 15_000,
            holdMilliseconds: 600_000, payloadLimit: 1530, filterStrictness: 0.7, price: 52),
        Provider(
            "sm-c", .sms, share: 0.2, quality: 2.5, headroom: 12.5, latencyMilliseconds: 3200, timeoutMilliseconds: 20_000,
            holdMilliseconds: 240_000, payloadLimit: 918, filterStrictness: 1.5, price: 19,
            dialect: [
                // One code for everything that is not its own fault, and for some that is.
                .routeFault: [Answer(.rejected, 400, 0.25), Answer(.softBounce, 500, 0.65), Answer(.timeout, nil, 0.1)],
                .hostFault: [Answer(.rejected, 400, 0.2), Answer(.softBounce, 200, 0.8)],
                .invalidAddress: [Answer(.rejected, 400, 0.6), Answer(.hardBounce, 404, 0.4)],
            ]),
        Provider(
            "pu-a", .push, share: 0.55, quality: 4.1, headroom: 9.0, latencyMilliseconds: 140, timeoutMilliseconds: 10_000,
            holdMilliseconds: 420_000, payloadLimit: 4096, filterStrictness: 1.0, price: 0.02),
        Provider(
            "pu-b", .push, share: 0.3, quality: 3.7, headroom: 10.0, latencyMilliseconds: 220, timeoutMilliseconds: 10_000,
            holdMilliseconds: 600_000, payloadLimit: 4096, filterStrictness: 0.5, price: 0.05),
        Provider(
            "pu-c", .push, share: 0.15, quality: 3.1, headroom: 12.5, latencyMilliseconds: 90, timeoutMilliseconds: 8000,
            holdMilliseconds: 120_000, payloadLimit: 2048, filterStrictness: 1.0, price: 0.01,
            dialect: [
                // Its registry lags: a live token is called unknown now and then.
                .routeFault: [Answer(.unregistered, 404, 0.15), Answer(.softBounce, 500, 0.75), Answer(.timeout, nil, 0.1)]
            ]),
    ]
}
