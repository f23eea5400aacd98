internal import CJobJSON

/// The messages of a batch: an object with an array `jobs`, whose elements are taken apart without reading them.
///
/// So a defective job is refused alone, with the words that it would have alone.
package enum JobBatch {
    /// Most jobs of a batch.
    package static let maximumCount = 1000
    /// Most bytes of a batch.
    package static let maximumBytes = Int(HERALD_JSON_MAXIMUM_BATCH_BYTES)

    /// Where each job's message is in `bytes`; `nil` where the object has no `jobs`.
    ///
    /// - Throws: what is wrong with the batch itself.
    package static func messages(in bytes: Span<UInt8>) throws(JobDefect) -> [Range<Int>]? {
        var ranges = [herald_json_range](repeating: herald_json_range(start: 0, length: 0), count: maximumCount)
        var count = 0
        var isFound = false
        let status = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe ranges.withUnsafeMutableBufferPointer { ranges in
                unsafe herald_json_elements(
                    bytes.baseAddress, bytes.count, "jobs", ranges.baseAddress, ranges.count, &count, &isFound)
            }
        }
        switch status {
        case HERALD_JSON_OK: break
        case HERALD_JSON_NOT_UTF8: throw JobDefect(.notUTF8, "a batch must be valid UTF-8")
        case HERALD_JSON_NOT_AN_OBJECT: throw JobDefect(.wrongType, field: "jobs", "must be an array of jobs")
        case HERALD_JSON_TOO_DEEP: throw JobDefect(.tooDeep, "a batch is nested too deep")
        case HERALD_JSON_TOO_LARGE: throw JobDefect(.tooLarge, "a batch may have \(maximumBytes) bytes")
        case HERALD_JSON_OUT_OF_MEMORY: throw JobDefect(.outOfMemory, "no memory to parse this batch")
        default: throw JobDefect(.notJSON, "a batch must be one JSON object as RFC 8259 defines it")
        }
        guard isFound else { return nil }
        guard (1...maximumCount).contains(count) else {
            throw count == 0
                ? JobDefect(.empty, field: "jobs", "must hold at least one job")
                : JobDefect(.tooMany, field: "jobs", "may hold \(maximumCount) jobs, not \(count)")
        }
        return ranges.prefix(count).map { $0.start..<$0.start + $0.length }
    }
}
