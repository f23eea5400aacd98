extension FeatureSchema {
    /// The features of one action: the one feature function of training, streaming and replay.
    ///
    /// - Parameters:
    ///   - job: what is known when the decision is taken.
    ///   - action: `providerIndex` must be a valid index of `job.providers`.
    ///   - decidedAt: the attempt is made `action.delayMilliseconds` later.
    ///   - health: advanced to `decidedAt`.
    ///   - row: exactly `featureCount` elements, all written; missing = NaN.
    package func row(
        job: Job, action: CandidateAction, decidedAt: Timestamp, health: borrowing LiveHealth, into row: inout MutableSpan<Float>
    ) {
        precondition(row.count == featureCount, "a row has as many elements as the schema has features")
        let features = JobFeatures(job: job, decidedAt: decidedAt, health: health, schema: self)
        let route = RouteFeatures(of: action.providerIndex, job: job, decidedAt: decidedAt, health: health, schema: self)
        features.write(route, to: &row, at: 0)
        features.writeDelay(action.delayMilliseconds, of: job, to: &row, at: FeatureColumn.delayDependent.lowerBound)
    }
}

/// What all actions through one provider share beside what all actions of the job share.
struct RouteFeatures {
    let provider: Float
    let isCallersProvider: Float
    let health: RouteHealth

    /// - Parameter index: into the job's providers.
    init(of index: Int, job: Job, decidedAt: Timestamp, health: borrowing LiveHealth, schema: FeatureSchema) {
        let name = job.providers[index]
        provider = schema.providerIndices[name] ?? .nan
        isCallersProvider = job.previousAttempts == 0 ? .nan : name == job.provider ? 1 : 0
        self.health = health.route(name, into: job.recipientCountry, with: job.templateType, at: decidedAt)
    }
}

/// What all actions of one job share.
struct JobFeatures {
    let decidedAt: Timestamp
    let channel: Float
    let recipientCountry: Float
    let templateType: Float
    let payloadSize: Float
    let previousAttempts: Float
    let lastStatus: Float
    let responseCode: Float
    let responseClass: Float
    let latencyMilliseconds: Float
    /// Of the recipient's clock; `nil` where it is not known.
    let utcOffsetMilliseconds: Int64?
    let destination: HealthReading

    init(job: Job, decidedAt: Timestamp, health: borrowing LiveHealth, schema: FeatureSchema) {
        self.decidedAt = decidedAt
        channel = job.channel.ordinal
        recipientCountry = schema.countryIndices[job.recipientCountry.ordinal]
        templateType = job.templateType.ordinal
        payloadSize = Float(job.payloadSize)
        previousAttempts = Float(job.previousAttempts)
        lastStatus = job.lastStatus.ordinal
        responseCode = job.responseCode.map { Float($0) } ?? .nan
        responseClass = job.responseCode.map { ResponseClass(code: $0, channel: job.channel).ordinal } ?? .nan
        latencyMilliseconds = job.latencyMilliseconds.map { Float($0) } ?? .nan
        utcOffsetMilliseconds = job.recipientCountry.utcOffsetMinutes.map { Int64($0) * 60_000 }
        destination = health.destination(job.channel, into: job.recipientCountry, at: decidedAt)
    }

    /// Writes all columns of the row that begins at `start` but those of `FeatureColumn.delayDependent`.
    func write(_ route: RouteFeatures, to rows: inout MutableSpan<Float>, at start: Int) {
        func set(_ column: FeatureColumn, _ value: Float) { rows[start + column.rawValue] = value }
        set(.channel, channel)
        set(.provider, route.provider)
        set(.recipientCountry, recipientCountry)
        set(.templateType, templateType)
        set(.payloadSize, payloadSize)
        set(.previousAttempts, previousAttempts)
        set(.lastStatus, lastStatus)
        set(.responseCode, responseCode)
        set(.responseClass, responseClass)
        set(.latencyMilliseconds, latencyMilliseconds)
        set(.isCallersProvider, route.isCallersProvider)
        write(route.health, to: &rows, at: start)
    }

    /// Writes the columns of `FeatureColumn.delayDependent`, the first of them to `start`.
    func writeDelay(_ milliseconds: Int64, of job: Job, to values: inout MutableSpan<Float>, at start: Int) {
        let attemptAt = decidedAt + milliseconds
        let local = utcOffsetMilliseconds.map { attemptAt + $0 }
        let first = start - FeatureColumn.delayDependent.lowerBound
        func set(_ column: FeatureColumn, _ value: Float) { values[first + column.rawValue] = value }
        set(.delaySeconds, seconds(milliseconds))
        set(.sinceLastAttemptSeconds, job.lastAttemptAt.map { seconds(attemptAt - $0) } ?? .nan)
        set(.ageSeconds, seconds(attemptAt - job.createdAt))
        set(.untilExpirySeconds, job.expiresAt.map { seconds($0 - attemptAt) } ?? .nan)
        set(.hourUTC, attemptAt.hourOfDay)
        set(.hourLocal, local?.hourOfDay ?? .nan)
        set(.weekdayLocal, local?.weekday ?? .nan)
    }

    private func write(_ route: RouteHealth, to rows: inout MutableSpan<Float>, at start: Int) {
        write(route.provider, of: .provider, to: &rows, at: start)
        write(route.providerCountry, of: .providerCountry, to: &rows, at: start)
        write(route.providerTemplate, of: .providerTemplate, to: &rows, at: start)
        write(destination, of: .channelCountry, to: &rows, at: start)
        rows[start + HealthColumn.providerSinceSuccess] = route.provider.sinceSuccessSeconds
        rows[start + HealthColumn.providerCountrySinceSuccess] = route.providerCountry.sinceSuccessSeconds
    }

    private func write(_ reading: HealthReading, of scope: HealthScope, to rows: inout MutableSpan<Float>, at start: Int) {
        let first = start + HealthColumn.first(of: scope)
        write(reading.short, to: &rows, at: first)
        write(reading.long, to: &rows, at: first + HealthColumn.valuesPerWindow)
    }

    /// In the order of `HealthColumn.features`.
    private func write(_ window: HealthReading.Window, to rows: inout MutableSpan<Float>, at first: Int) {
        rows[first] = window.successRate
        rows[first + 1] = window.outcomes
        rows[first + 2] = window.latencyMilliseconds
        rows[first + 3] = window.throttleRate
    }

    /// Rounded once, from an exact quotient of doubles.
    private func seconds(_ milliseconds: Int64) -> Float {
        Float(Double(milliseconds) / 1000)
    }
}

extension Timestamp {
    /// Hours since midnight with their fraction in whole seconds, in [0, 24).
    fileprivate var hourOfDay: Float {
        // Seconds, because the day's last milliseconds would round to 24.
        Float(Double(millisecondOfDay / 1000) / 3600)
    }

    /// 0 = Monday … 6 = Sunday.
    fileprivate var weekday: Float {
        // 1970-01-01 was a Thursday.
        Float(((day + 3) % 7 + 7) % 7)
    }
}

extension Channel {
    /// Index in the fixed vocabulary `allCases`.
    fileprivate var ordinal: Float {
        switch self {
        case .email: 0
        case .sms: 1
        case .push: 2
        }
    }
}

extension TemplateType {
    /// Index in the fixed vocabulary `allCases`.
    fileprivate var ordinal: Float {
        switch self {
        case .otp: 0
        case .transactional: 1
        case .alert: 2
        case .marketing: 3
        }
    }
}

extension DeliveryStatus {
    /// Index in the fixed vocabulary `allCases`.
    fileprivate var ordinal: Float {
        switch self {
        case .none: 0
        case .delivered: 1
        case .softBounce: 2
        case .hardBounce: 3
        case .timeout: 4
        case .throttled: 5
        case .rejected: 6
        case .unregistered: 7
        }
    }
}

extension ResponseClass {
    /// Index in the fixed vocabulary `allCases`.
    fileprivate var ordinal: Float {
        switch self {
        case .accepted: 0
        case .transient: 1
        case .route: 2
        case .unknown: 3
        case .permanent: 4
        }
    }
}
