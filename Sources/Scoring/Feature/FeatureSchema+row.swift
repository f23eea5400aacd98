extension FeatureSchema {
    /// The features of one action: the one feature function of training, streaming and replay.
    ///
    /// - Parameters:
    ///   - job: what is known when the decision is taken.
    ///   - action: `providerIndex` must be a valid index of `job.providers`.
    ///   - decidedAt: the attempt is made `action.delayMilliseconds` later.
    ///   - row: exactly `featureCount` elements, all written; missing = NaN.
    package func row(job: Job, action: CandidateAction, decidedAt: Timestamp, into row: inout MutableSpan<Float>) {
        precondition(row.count == featureCount, "a row has as many elements as the schema has features")
        let shared = SharedFeatures(job: job, schema: self)
        var route = RouteFeatures(index: -1)
        shared.write(action, of: job, decidedAt: decidedAt, schema: self, route: &route, to: &row, at: 0)
    }

    /// The features of every action of one job, row after row; what the actions share is computed once.
    ///
    /// Writes the rows `firstRow ..< firstRow + actions.count` of the row-major matrix `rows`. Equal to `row` to the bit.
    package func rows(
        job: Job, actions: Span<CandidateAction>, decidedAt: Timestamp, into rows: inout MutableSpan<Float>, from firstRow: Int = 0
    ) {
        precondition(rows.count >= (firstRow + actions.count) * featureCount, "the matrix has a row for each action")
        let shared = SharedFeatures(job: job, schema: self)
        var route = RouteFeatures(index: -1)
        for index in actions.indices {
            shared.write(
                actions[index], of: job, decidedAt: decidedAt, schema: self, route: &route, to: &rows, at: (firstRow + index) * featureCount
            )
        }
    }
}

/// What all actions through one provider share; kept while the provider stays the same.
private struct RouteFeatures {
    /// Index into the job's providers; -1 before the first.
    var index: Int
    var provider = Float.nan
    var isCallersProvider: Float = 0
}

/// What all actions of one job share.
private struct SharedFeatures {
    let channel: Float
    let recipientCountry: Float
    let templateType: Float
    let payloadSize: Float
    let previousAttempts: Float
    let lastStatus: Float
    let responseCode: Float
    let responseClass: Float
    let latencyMilliseconds: Float

    init(job: Job, schema: FeatureSchema) {
        channel = job.channel.ordinal
        recipientCountry = schema.countryIndices[job.recipientCountry.ordinal]
        templateType = job.templateType.ordinal
        payloadSize = Float(job.payloadSize)
        previousAttempts = Float(job.previousAttempts)
        lastStatus = job.lastStatus.ordinal
        responseCode = job.responseCode.map { Float($0) } ?? .nan
        responseClass = job.responseCode.map { ResponseClass(code: $0, channel: job.channel).ordinal } ?? .nan
        latencyMilliseconds = job.latencyMilliseconds.map { Float($0) } ?? .nan
    }

    func write(
        _ action: CandidateAction, of job: Job, decidedAt: Timestamp, schema: FeatureSchema, route: inout RouteFeatures,
        to rows: inout MutableSpan<Float>, at start: Int
    ) {
        if action.providerIndex != route.index {
            let provider = job.providers[action.providerIndex]
            route.index = action.providerIndex
            route.provider = schema.providerIndices[provider] ?? .nan
            route.isCallersProvider = provider == job.provider ? 1 : 0
        }
        let attemptAt = decidedAt + action.delayMilliseconds
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
        set(.delaySeconds, seconds(action.delayMilliseconds))
        set(.sinceLastAttemptSeconds, job.lastAttemptAt.map { seconds(attemptAt - $0) } ?? .nan)
        set(.ageSeconds, seconds(attemptAt - job.createdAt))
        set(.untilExpirySeconds, job.expiresAt.map { seconds($0 - attemptAt) } ?? .nan)
        set(.hourUTC, attemptAt.hourOfDay)
        set(.weekdayUTC, attemptAt.weekday)
        set(.isCallersProvider, route.isCallersProvider)
    }

    /// Rounded once, from an exact quotient of doubles.
    private func seconds(_ milliseconds: Int64) -> Float {
        Float(Double(milliseconds) / 1000)
    }
}

extension Timestamp {
    /// Hours since midnight UTC with their fraction in whole seconds, in [0, 24).
    fileprivate var hourOfDay: Float {
        // Seconds, because the day's last milliseconds would round to 24.
        Float(Double(millisecondOfDay / 1000) / 3600)
    }

    /// 0 = Monday … 6 = Sunday, UTC.
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
