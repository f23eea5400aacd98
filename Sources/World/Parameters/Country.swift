package import Scoring

/// What the world knows of one country.
package struct Country: Sendable {
    package let code: CountryCode
    /// Standard time as an offset from UTC; daylight saving is ignored.
    package let utcOffsetMinutes: Int
    /// Relative number of recipients.
    package let weight: Double
    /// Log-odds added to every provider's quality, by channel.
    package let infrastructure: PerChannel<Double>
    /// Share of mail hosts that greylist a stranger.
    package let greylisting: Double
    /// Multiple of the general share of messages that SMS carriers filter.
    package let carrierStrictness: Double
    /// Multiple of the general share of invalid and blocked addresses.
    package let listDecay: Double

    init?(
        _ code: String, utcOffsetMinutes: Int, weight: Double, email: Double, sms: Double, push: Double, greylisting: Double,
        carrierStrictness: Double, listDecay: Double
    ) {
        guard let code = CountryCode(code) else { return nil }
        self.code = code
        self.utcOffsetMinutes = utcOffsetMinutes
        self.weight = weight
        infrastructure = PerChannel(email: email, sms: sms, push: push)
        self.greylisting = greylisting
        self.carrierStrictness = carrierStrictness
        self.listDecay = listDecay
    }

    /// Minutes since Monday 00:00 local standard time, in 0..<10 080.
    package func localMinuteOfWeek(at time: Timestamp) -> Int {
        // 1970-01-01 was a Thursday: three days after a Monday.
        let minutes = (time.milliseconds.divided(by: 60_000) + Int64(utcOffsetMinutes) + 3 * 1440) % 10_080
        return Int(minutes < 0 ? minutes + 10_080 : minutes)
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity.
    func divided(by divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
