import Scoring

/// Writes the dataset as CSV, a row per attempt in order of decision, with constant memory.
package struct DatasetWriter: Sendable {
    /// First line of the file.
    package static let header =
        "job_id,notification_id,channel,provider,recipient,recipient_country,template_type,payload_size,created_at,send_time,expires_at,"
        + "previous_attempts,last_status,response_code,latency_ms,last_attempt_at,delay_ms,logging_policy,propensity,status,"
        + "outcome_response_code,outcome_latency_ms"

    /// Bytes collected before the sink gets them.
    private static let chunkBytes = 1 << 18
    /// Rows between two reports of progress.
    private static let progressRows = 8192

    private let world: World
    private let providers: [[UInt8]]
    /// What every id begins with.
    static let prefix = Array(String(WorldParameters.version, radix: 36).utf8)

    package init(world: World) {
        self.world = world
        providers = world.providers.map { Array($0.name.utf8) }
    }

    /// Writes the header and `rows` rows of a log.
    ///
    /// - Parameters:
    ///   - log: must have the default prefix of ids, as any log has.
    ///   - sink: gets the bytes, some 256 KiB at a time.
    ///   - progress: gets the number of rows written so far, every few thousand rows and at the end.
    ///   - observe: gets every row together with its truth.
    package func write(
        rows: Int, of log: inout AttemptLog, to sink: ([UInt8]) throws -> Void, progress: (Int) -> Void = { _ in },
        observe: (LoggedAttempt) -> Void = { _ in }
    ) rethrows {
        var buffer = CSVBuffer(capacity: Self.chunkBytes + 1024)
        buffer.append(Array(Self.header.utf8))
        buffer.endField()
        buffer.endRow()
        for number in 0..<max(0, rows) {
            let row = log.next()
            append(row, to: &buffer)
            observe(row)
            if buffer.bytes.count >= Self.chunkBytes {
                try sink(buffer.bytes)
                buffer.removeAll()
            }
            if number % Self.progressRows == Self.progressRows - 1 { progress(number + 1) }
        }
        try sink(buffer.bytes)
        progress(rows)
    }

    private func append(_ row: LoggedAttempt, to buffer: inout CSVBuffer) {
        guard let result = row.result else { return }
        let pending = row.pending
        let id = Base36(row.new.number)
        field(&buffer) {
            $0.append(Self.prefix)
            $0.append(id)
            $0.append([UInt8(ascii: ".")])
            $0.append(Int64(pending.previousAttempts))
        }
        field(&buffer) {
            $0.append(Self.prefix)
            $0.append(id)
        }
        field(&buffer) { $0.append(pending.channel.word) }
        field(&buffer) { $0.append(providers[row.choice.provider]) }
        field(&buffer) { $0.append(Base36(row.new.recipient)) }
        field(&buffer) { $0.append(world.countries[pending.country].code) }
        field(&buffer) { $0.append(pending.template.word) }
        field(&buffer) { $0.append(Int64(pending.payloadSize)) }
        field(&buffer) { $0.append(pending.createdAt) }
        field(&buffer) { $0.append(row.sendTime) }
        field(&buffer) { buffer in pending.expiresAt.map { buffer.append($0) } }
        field(&buffer) { $0.append(Int64(pending.previousAttempts)) }
        field(&buffer) { $0.append(row.lastStatus.word) }
        field(&buffer) { buffer in row.lastResponseCode.map { buffer.append(Int64($0)) } }
        field(&buffer) { buffer in row.lastLatencyMilliseconds.map { buffer.append($0) } }
        field(&buffer) { buffer in pending.last.map { buffer.append($0.attemptedAt) } }
        field(&buffer) { $0.append(row.choice.delayMilliseconds) }
        field(&buffer) { $0.append(row.choice.part.word) }
        field(&buffer) { $0.append(fraction: row.choice.propensity) }
        field(&buffer) { $0.append(result.status.word) }
        field(&buffer) { buffer in result.responseCode.map { buffer.append(Int64($0)) } }
        field(&buffer) { $0.append(result.latencyMilliseconds) }
        buffer.endRow()
    }

    @inline(__always)
    private func field(_ buffer: inout CSVBuffer, _ write: (inout CSVBuffer) -> Void) {
        write(&buffer)
        buffer.endField()
    }
}
