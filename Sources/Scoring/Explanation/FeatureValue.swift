/// A column of a feature row with what it did, and how people say it.
struct FeatureValue {
    let feature: Feature
    /// NaN = missing.
    let value: Float
    let logOdds: Double

    /// The value with its unit, or the word it stands for.
    var text: String {
        guard !value.isNaN else { return "unknown" }
        let number = Double(value)
        switch feature.type {
        case .categorical(let vocabulary):
            return vocabulary.indices.contains(Int(number)) ? vocabulary[Int(number)] : "unknown"
        case .cyclic(let unit, _):
            return unit == "hours" ? Wording.clock(hours: number) : Wording.weekday(number)
        case .numeric(let unit):
            return Self.text(number, unit)
        }
    }

    private static func text(_ number: Double, _ unit: String) -> String {
        switch unit {
        case "seconds": Wording.duration(milliseconds: number * 1000)
        case "milliseconds": Wording.duration(milliseconds: number)
        case "share": Wording.percent(number)
        case "bytes": Wording.bytes(number)
        case "code": Wording.number(number, decimals: 0)
        case "attempts": Wording.count(number, "attempt", "attempts")
        case "outcomes": Wording.count(number, "outcome", "outcomes")
        case "0 or 1": number == 1 ? "yes" : "no"
        default: "\(Wording.number(number, decimals: 1)) \(unit)"
        }
    }

    /// What the column says of this decision, as a clause that stands by itself.
    func fact(decision: Decision, job: Job) -> String {
        if let fact = Self.healthFact(feature.name, text, isKnown: !value.isNaN, provider: decision.provider, job) { return fact }
        guard let column = Self.columns[feature.name] else { return "\(feature.name) is \(text)" }
        if job.previousAttempts == 0, Self.ofLastAttempt.contains(column) { return "it is the first attempt" }
        if value.isNaN { return Self.unknownFact(column) }
        let then = decision.delayMilliseconds == 0 ? "" : " then"
        return switch column {
        case .channel: "it goes by \(job.channel.words)"
        case .provider: "it goes through \(text)"
        case .recipientCountry: "it goes to \(text)"
        case .templateType: "it is \(job.templateType.words)"
        case .payloadSize: "it has \(text)"
        case .previousAttempts: "\(Wording.count(Double(value), "attempt has", "attempts have")) failed"
        case .lastStatus: "the last attempt ended as \(job.lastStatus.words)"
        case .responseCode: "the last answer was \(text)"
        case .responseClass: ResponseClass(rawValue: text)?.clause ?? "the last answer was \(text)"
        case .latencyMilliseconds: "the last attempt took \(text)"
        case .delaySeconds: value == 0 ? "it is sent at once" : "it waits \(text)"
        case .sinceLastAttemptSeconds: "the last attempt was \(text) before"
        case .ageSeconds: "it is \(text) old\(then)"
        case .untilExpirySeconds: value < 0 ? "it has expired\(then)" : "it expires \(text) later"
        case .hourUTC: "it is \(text) UTC\(then)"
        case .hourLocal: "it is \(text) for the recipient\(then)"
        case .weekdayLocal: "it is \(text) for the recipient\(then)"
        case .isCallersProvider: "\(decision.provider) is \(value == 1 ? "" : "not ")the route that failed"
        }
    }

    private static let columns = Dictionary(
        uniqueKeysWithValues: FeatureColumn.allCases.map { ($0.feature(countries: [], providers: []).name, $0) })

    /// Columns that have nothing to tell before the second attempt.
    private static let ofLastAttempt: Set<FeatureColumn> = [
        .previousAttempts, .lastStatus, .responseCode, .responseClass, .latencyMilliseconds, .sinceLastAttemptSeconds, .isCallersProvider,
    ]

    private static func unknownFact(_ column: FeatureColumn) -> String {
        switch column {
        case .untilExpirySeconds: "it never expires"
        case .responseCode, .responseClass: "the last attempt had no answer"
        case .latencyMilliseconds, .sinceLastAttemptSeconds: "the time of the last attempt is not known"
        case .hourLocal, .weekdayLocal: "the recipient's clock is not known"
        case .provider: "the model does not know the provider"
        case .recipientCountry: "the model does not know the country"
        default: "\(column.feature(countries: [], providers: []).name) is unknown"
        }
    }

    /// `nil` where the column is none of live health.
    private static func healthFact(_ name: String, _ text: String, isKnown: Bool, provider: String, _ job: Job) -> String? {
        for scope in HealthScope.allCases.reversed() where name.hasPrefix(scope.featurePrefix + "_") {
            let subject =
                switch scope {
                case .provider: provider
                case .providerCountry: "\(provider) into \(job.recipientCountry)"
                case .providerTemplate: "\(provider) with \(job.templateType.plural)"
                case .channelCountry: "\(job.channel.words) into \(job.recipientCountry)"
                }
            let rest = name.dropFirst(scope.featurePrefix.count + 1)
            if rest == "since_success_s" {
                return isKnown ? "the last success of \(subject) is \(text) back" : "\(subject) has had no success yet"
            }
            for window in HealthWindow.allCases where rest.hasSuffix("_" + window.rawValue) {
                let time = window == .short ? "in the last minutes" : "in the last days"
                guard isKnown else { return "nothing is known of \(subject) \(time)" }
                switch rest.dropLast(window.rawValue.count + 1) {
                case "success_rate": return "\(subject) delivered \(text) \(time)"
                case "outcomes": return "\(subject) had about \(text) \(time)"
                case "latency_ms": return "\(subject) took \(text) \(time)"
                case "throttle_rate": return "\(subject) throttled \(text) \(time)"
                default: return nil
                }
            }
        }
        return nil
    }
}

extension Channel {
    var words: String {
        switch self {
        case .email: "email"
        case .sms: "SMS"
        case .push: "push"
        }
    }
}

extension TemplateType {
    var words: String {
        switch self {
        case .otp: "an OTP"
        case .transactional: "a transactional message"
        case .alert: "an alert"
        case .marketing: "a marketing message"
        }
    }

    var plural: String {
        switch self {
        case .otp: "OTPs"
        case .transactional: "transactional messages"
        case .alert: "alerts"
        case .marketing: "marketing messages"
        }
    }
}

extension ResponseClass {
    var clause: String {
        switch self {
        case .accepted: "the last attempt was accepted"
        case .transient: "the last failure looks like one that passes"
        case .route: "the last failure was the route's"
        case .unknown: "the last answer does not tell why it failed"
        case .permanent: "the last failure looks like one for good"
        }
    }
}

extension DeliveryStatus {
    var words: String {
        switch self {
        case .none: "nothing"
        case .delivered: "delivered"
        case .softBounce: "a soft bounce"
        case .hardBounce: "a hard bounce"
        case .timeout: "a timeout"
        case .throttled: "throttled"
        case .rejected: "rejected"
        case .unregistered: "unregistered"
        }
    }
}
