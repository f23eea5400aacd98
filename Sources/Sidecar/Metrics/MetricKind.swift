/// What a metric's numbers mean; raw values are the words of the text format.
package enum MetricKind: String, Sendable {
    /// Only ever goes up, from 0 at the start of the process.
    case counter
    /// Any number, as it is now.
    case gauge
    /// How many observations came to at most each bound, and their sum.
    case histogram
    /// Always 1: what it says is in its labels.
    case info
}
