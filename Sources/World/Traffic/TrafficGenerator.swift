package import Scoring

/// New notifications in time order: a Poisson stream with the world's daily and weekly curve, bursts and waves, or at a fixed rate.
package struct TrafficGenerator: Sendable {
    /// How fast notifications are created.
    package enum Pace: Equatable, Sendable {
        /// The world's curve around a mean of so many a day, > 0.
        case curve(perDay: Double)
        /// A constant mean rate, > 0, whatever the hour: for load tests and demos.
        case steady(perSecond: Double)
    }

    /// The rate is constant within such a stretch.
    private static let stretchMilliseconds: Int64 = 600_000

    private let world: World
    private let pace: Pace
    private let prefix: String
    private let prefixKey: SeedKey
    private let resolutionMilliseconds: Int64
    private let population: RecipientPopulation
    private let bursts: Bursts
    private let key: SeedKey

    private var time: Double
    private var stretch: Stretch?
    private var draws: UInt64 = 0
    private var number: UInt64 = 0

    /// A stretch of constant rate.
    private struct Stretch: Sendable {
        let end: Double
        let perMillisecond: Double
        /// Shares of the traffic that a wave and a burst add.
        let waveShare: Double
        let burst: Bursts.Burst?
        let burstShare: Double
    }

    /// - Parameters:
    ///   - start: no notification is created before.
    ///   - prefix: begins every notification id; runs that share a database need different ones.
    ///   - resolutionMilliseconds: creation times are rounded up to multiples of this, ≥ 1.
    package init(
        world: World, pace: Pace, start: Timestamp, prefix: String = String(WorldParameters.version, radix: 36),
        resolutionMilliseconds: Int64 = 1
    ) {
        self.world = world
        self.pace = pace
        self.prefix = prefix
        self.resolutionMilliseconds = max(1, resolutionMilliseconds)
        prefixKey = world.visibleKey[.identity][text: prefix]
        bursts = Bursts(key: world.visibleKey[.bursts], parameters: world.parameters)
        key = world.visibleKey[.traffic][signed: start.milliseconds]
        time = Double(start.milliseconds)
        let perDay =
            switch pace {
            case .curve(let perDay): perDay
            case .steady(let perSecond): perSecond * 86_400
            }
        population = RecipientPopulation(perDay: perDay, parameters: world.parameters)
    }

    /// The next notification.
    package mutating func next() -> NewNotification {
        let stretch = advance()
        let unit = Double(resolutionMilliseconds)
        let createdAt = Timestamp(milliseconds: Int64((time / unit).rounded(.up) * unit))
        let draws = key[1][number]
        let kind = kind(draws, stretch, at: createdAt)
        let recipient = population.recipient(in: kind.country, draw: draws[4].uniform)
        let payload = world.parameters.payloadBytes[kind.channel] * world.parameters.payloadByTemplate[kind.template]
        let size = payload * Exact.exp(world.parameters.payloadDeviation[kind.channel] * draws[5].normal)
        let pending = PendingAttempt(
            notification: Base36(number).key(under: prefixKey).bits,
            recipient: Base36(recipient).key(under: world.visibleKey[.identity]).bits, channel: kind.channel, template: kind.template,
            country: kind.country, payloadSize: max(1, Int(size)), createdAt: createdAt,
            expiresAt: world.parameters.lifetimeMilliseconds[kind.template].map { createdAt + $0 })
        defer { number += 1 }
        return NewNotification(
            number: number, recipient: recipient, provider: provider(for: kind.channel, draw: draws[6].uniform), pending: pending)
    }

    /// The next notification as the job of its first attempt.
    package mutating func nextJob() -> Job {
        job(of: next())
    }

    /// The job of a notification's first attempt.
    package func job(of new: NewNotification) -> Job {
        let pending = new.pending
        let id = prefix + Base36(new.number).text
        return Job(
            jobID: id + ".0", notificationID: id, channel: pending.channel, provider: world.providers[new.provider].name,
            providers: world.routes[pending.channel], recipient: Base36(new.recipient).text,
            recipientCountry: world.countries[pending.country].code, templateType: pending.template, payloadSize: pending.payloadSize,
            createdAt: pending.createdAt, sendTime: pending.createdAt, expiresAt: pending.expiresAt)
    }

    /// Moves to the next arrival and returns the stretch it lies in.
    private mutating func advance() -> Stretch {
        while true {
            let current = stretch.flatMap { time < $0.end ? $0 : nil } ?? stretch(at: time)
            stretch = current
            let gap = key[0][draws].exponential / current.perMillisecond
            draws += 1
            if time + gap < current.end {
                time += gap
                return current
            }
            time = current.end
        }
    }

    private func stretch(at time: Double) -> Stretch {
        let now = Timestamp(milliseconds: Int64(time))
        let end = Double((now.milliseconds.divided(by: Self.stretchMilliseconds) + 1) * Self.stretchMilliseconds)
        switch pace {
        case .steady(let perSecond):
            return Stretch(end: end, perMillisecond: max(1e-9, perSecond / 1000), waveShare: 0, burst: nil, burstShare: 0)
        case .curve(let perDay):
            let usual = world.curve.factor(at: now)
            let wave = usual * ((world.wave?.factor(at: now) ?? 1) - 1)
            let burst = bursts.burst(at: now)
            let total = usual + wave + (burst?.factor ?? 0)
            return Stretch(
                end: end, perMillisecond: max(1e-12, perDay / 86_400_000 * total), waveShare: wave / total, burst: burst,
                burstShare: (burst?.factor ?? 0) / total)
        }
    }

    private func kind(_ draws: SeedKey, _ stretch: Stretch, at time: Timestamp) -> (channel: Channel, template: TemplateType, country: Int)
    {
        let country = world.curve.country(at: time, draw: draws[1].uniform)
        let origin = draws[0].uniform
        if let burst = stretch.burst, origin < stretch.burstShare { return (burst.channel, burst.template, country) }
        let channel = channel(draw: draws[2].uniform)
        if origin >= 1 - stretch.waveShare, let template = world.wave?.template { return (channel, template, country) }
        let hour = world.countries[country].localMinuteOfWeek(at: time) / 60 % 24
        let isMarketingHour = world.parameters.marketingHours.contains(hour)
        return (channel, template(for: channel, draw: draws[3].uniform, withMarketing: isMarketingHour), country)
    }

    private func channel(draw: Double) -> Channel {
        let shares = world.parameters.channels
        return draw < shares.email ? .email : draw < shares.email + shares.sms ? .sms : .push
    }

    private func template(for channel: Channel, draw: Double, withMarketing: Bool) -> TemplateType {
        let shares = world.parameters.templates[channel]
        let marketing = withMarketing ? shares.marketing : 0
        var rest = draw * (shares.otp + shares.transactional + shares.alert + marketing)
        rest -= shares.otp
        if rest < 0 { return .otp }
        rest -= shares.transactional
        if rest < 0 { return .transactional }
        rest -= shares.alert
        return rest < 0 || !withMarketing ? .alert : .marketing
    }

    private func provider(for channel: Channel, draw: Double) -> Int {
        var rest = draw
        var chosen = 0
        for (index, provider) in world.providers.enumerated() where provider.channel == channel {
            chosen = index
            rest -= provider.share
            if rest < 0 { break }
        }
        return chosen
    }
}
