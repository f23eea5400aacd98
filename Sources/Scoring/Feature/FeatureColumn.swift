/// The columns of job, time and action, in order; those of live health (`HealthColumn`) follow them.
///
/// Times are those of the *attempt* (decision + delay). Units are in the names. Quantities are left raw: trees only
/// compare, and a logarithm from the C library could differ in its last bit between machines.
enum FeatureColumn: Int, CaseIterable {
    /// Index of the channel.
    case channel
    /// Index of the provider of the *action*.
    case provider
    case recipientCountry
    case templateType
    /// Bytes.
    case payloadSize
    case previousAttempts
    case lastStatus
    /// The last attempt's code as the provider gave it.
    case responseCode
    /// What that code means: `ResponseClass`.
    case responseClass
    /// Of the last attempt.
    case latencyMilliseconds
    case delaySeconds
    /// From the last attempt to this one.
    case sinceLastAttemptSeconds
    /// From the notification's creation to the attempt.
    case ageSeconds
    /// From the attempt to expiry; missing without one.
    case untilExpirySeconds
    /// Time of day, with its fraction, in [0, 24).
    case hourUTC
    /// The same by the recipient's clock (`CountryCode.utcOffsetMinutes`); missing where the country has no zone.
    case hourLocal
    /// By the recipient's calendar: 0 = Monday, as in ISO 8601.
    case weekdayLocal
    /// 1 where the action's provider is the one the caller would use, else 0; missing before the first attempt.
    ///
    /// After a failure that is the route that has failed. Before, it says nothing, and the log of the attempts made does not tell it.
    case isCallersProvider

    static let count = allCases.count
    /// The columns that an action's delay changes; every other one is the same for all of a job's actions through one provider.
    ///
    /// The one place that says so: rows of actions (`ActionRows`) and the model prepared for them (`ScoringModel`) follow it.
    static let delayDependent = delaySeconds.rawValue..<weekdayLocal.rawValue + 1

    /// The column as the schema describes it.
    func feature(countries: [String], providers: [String]) -> Feature {
        switch self {
        case .channel: Feature(name: "channel", type: .categorical(vocabulary: Channel.allCases.map(\.rawValue)))
        case .provider: Feature(name: "provider", type: .categorical(vocabulary: providers))
        case .recipientCountry: Feature(name: "recipient_country", type: .categorical(vocabulary: countries))
        case .templateType: Feature(name: "template_type", type: .categorical(vocabulary: TemplateType.allCases.map(\.rawValue)))
        case .payloadSize: Feature(name: "payload_size", type: .numeric(unit: "bytes"))
        case .previousAttempts: Feature(name: "previous_attempts", type: .numeric(unit: "attempts"))
        case .lastStatus: Feature(name: "last_status", type: .categorical(vocabulary: DeliveryStatus.allCases.map(\.rawValue)))
        case .responseCode: Feature(name: "response_code", type: .numeric(unit: "code"))
        case .responseClass: Feature(name: "response_class", type: .categorical(vocabulary: ResponseClass.allCases.map(\.rawValue)))
        case .latencyMilliseconds: Feature(name: "latency_ms", type: .numeric(unit: "milliseconds"))
        case .delaySeconds: Feature(name: "delay_s", type: .numeric(unit: "seconds"))
        case .sinceLastAttemptSeconds: Feature(name: "since_last_attempt_s", type: .numeric(unit: "seconds"))
        case .ageSeconds: Feature(name: "age_s", type: .numeric(unit: "seconds"))
        case .untilExpirySeconds: Feature(name: "until_expiry_s", type: .numeric(unit: "seconds"))
        case .hourUTC: Feature(name: "hour_utc", type: .cyclic(unit: "hours", period: 24))
        case .hourLocal: Feature(name: "hour_local", type: .cyclic(unit: "hours", period: 24))
        case .weekdayLocal: Feature(name: "weekday_local", type: .cyclic(unit: "days", period: 7))
        case .isCallersProvider: Feature(name: "is_callers_provider", type: .numeric(unit: "0 or 1"))
        }
    }
}
