import ArgumentParser
import Broker
import Foundation

/// The flag that says how a long command shows what it is doing.
struct ProgressOptions: ParsableArguments {
    @Option(name: .customLong("progress"), help: "How to show progress: auto, plain or json (a line a second).")
    var style = StatusLine.Style.auto
}

/// What a long command is doing, as it does it.
///
/// One line rewritten in place on a terminal; plain lines, seldom, otherwise; or a JSON object a line for a program that watches. Text
/// goes to standard error and JSON to standard output, so that a command's results can be piped.
struct StatusLine {
    enum Style: String, CaseIterable, ExpressibleByArgument {
        case auto
        case plain
        case json
    }

    /// Between two plain lines.
    private static let plainInterval = Duration.seconds(5)

    private let style: Style
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var next = MonotonicTime.now
    /// Whether the program that reads the JSON has gone: then there is nobody to work for.
    private(set) var hasLostItsReader = false

    init(_ style: Style) {
        self.style = style
    }

    /// Shows `text`, or `fields` where JSON is wanted; plain lines come every 5 s, and the last one always.
    mutating func show(_ text: @autoclosure () -> String, _ fields: some Encodable, isLast: Bool = false) {
        switch style {
        case .json: writeJSON(fields)
        case .auto where isTerminal: write(Data("\r\u{1B}[K\(text())\(isLast ? "\n" : "")".utf8), to: .standardError)
        case .auto, .plain:
            guard isLast || MonotonicTime.now >= next else { return }
            next = MonotonicTime.now + Self.plainInterval
            write(Data("\(text())\n".utf8), to: .standardError)
        }
    }

    /// Leaves the line that is rewritten in place.
    func end() {
        if style == .auto, isTerminal { write(Data("\n".utf8), to: .standardError) }
    }

    private mutating func writeJSON(_ fields: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Figures are finite by construction; should one not be, the watcher misses a line.
        guard var line = try? encoder.encode(fields) else { return }
        line.append(UInt8(ascii: "\n"))
        do {
            try FileHandle.standardOutput.write(contentsOf: line)
        } catch {
            hasLostItsReader = true
        }
    }

    private func write(_ bytes: Data, to handle: FileHandle) {
        // A watcher that has gone away must not end the command: status is not its purpose.
        try? handle.write(contentsOf: bytes)
    }
}
