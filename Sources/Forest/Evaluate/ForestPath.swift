internal import CForest
internal import Glibc

/// The ways to compute margins, which agree to the last bit.
package enum ForestPath: String, CaseIterable, Sendable {
    /// The walk that defines what is correct.
    case reference
    /// Decision planes in Swift.
    case portable
    case avx2
    /// With F, BW, VL, VBMI and GFNI.
    case avx512

    /// Whether this machine can take it.
    package var isSupported: Bool {
        switch self {
        case .reference, .portable: true
        case .avx2: cforest_has_avx2()
        case .avx512: cforest_has_avx512()
        }
    }

    /// The name of the environment variable that chooses `portable`, `avx2` or `avx512`.
    static let variable = "HERALD_FOREST"

    /// The path of new forests: the one in `HERALD_FOREST`, else the fastest supported.
    ///
    /// The variable exists to test and measure. So a path that this machine lacks, or no path's name, is an error where a model is read,
    /// rather than a silent change to another path.
    static func chosen() throws(ForestError) -> ForestPath {
        guard let value = unsafe getenv(variable) else { return .fastest }
        return try named(unsafe String(cString: value))
    }

    package static func named(_ name: String) throws(ForestError) -> ForestPath {
        if name.isEmpty { return .fastest }
        guard let path = ForestPath(rawValue: name), path.isSupported else {
            let supported = allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
            throw ForestError(.unsupported, "\(variable) is '\(name.prefix(32))', but this machine supports: \(supported)")
        }
        return path
    }

    private static let fastest: ForestPath = allCases.last { $0.isSupported } ?? .portable
}

/// How many rows a path takes at a time.
package enum ForestBatching: Sendable, CaseIterable {
    /// By their number: whichever is faster.
    case automatic
    /// One at a time.
    case rows
    /// In blocks of up to 512.
    case blocks
}
