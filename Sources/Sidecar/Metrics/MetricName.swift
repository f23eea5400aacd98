/// Names as Prometheus takes them.
///
/// A library may call its metrics what it likes, as in `http.server.requests`: what may not be in a name becomes an underscore.
enum MetricName {
    /// Bytes of a name that are kept.
    private static let maximumBytes = 128

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`, ending in `_total` where it is a counter's.
    static func metric(_ name: String, _ kind: MetricKind) -> String {
        let name = legal(name, with: UInt8(ascii: ":"))
        return kind == .counter && !name.hasSuffix("_total") ? name + "_total" : name
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`; the two names that the format keeps for itself get an underscore.
    static func label(_ name: String) -> String {
        let name = legal(name, with: nil)
        return ["le", "quantile"].contains(name) ? name + "_" : name
    }

    private static func legal(_ name: String, with extra: UInt8?) -> String {
        let underscore = UInt8(ascii: "_")
        var bytes = name.utf8.prefix(maximumBytes).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: byte == extra ? byte : underscore
            }
        }
        if bytes.first.map({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) ?? true { bytes.insert(underscore, at: 0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
