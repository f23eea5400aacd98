import Foundation

/// How a long command shows what it is doing: one line rewritten in place on a terminal, a plain line every few seconds otherwise,
/// or one JSON object a second for a program that watches.
///
/// Status goes to standard error (JSON to standard output), so that a command's results can be piped.
struct StatusLine {
    enum Style: String, CaseIterable {
        case auto
        case plain
        case json
    }

    private enum Output {
        case rewritten
        case lines
        case json
    }

    /// Seconds between plain lines; a terminal and JSON get one a second.
    private static let plainInterval: TimeInterval = 5

    private let output: Output
    private let interval: TimeInterval
    private var next = Date.distantPast

    init(style: Style) {
        switch style {
        case .json: output = .json
        case .plain: output = .lines
        case .auto: output = isatty(STDERR_FILENO) == 1 ? .rewritten : .lines
        }
        interval = style == .plain || output == .lines ? Self.plainInterval : 1
    }

    /// Shows `text`, or `fields` where JSON is wanted, if it is time to. The closure runs only then.
    mutating func update(isLast: Bool = false, _ status: () -> (text: String, fields: any Encodable)) {
        let now = Date()
        guard now >= next || isLast else { return }
        next = now.addingTimeInterval(interval)
        let (text, fields) = status()
        switch output {
        case .rewritten: write("\r\u{1B}[K\(text)\(isLast ? "\n" : "")", to: .standardError)
        case .lines: write(text + "\n", to: .standardError)
        case .json: writeJSON(fields)
        }
    }

    private func writeJSON(_ fields: any Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A status that cannot be encoded is a defect of its type; there is no reader who could act on it.
        guard var line = try? encoder.encode(fields) else { return }
        line.append(UInt8(ascii: "\n"))
        write(line, to: .standardOutput)
    }

    private func write(_ text: String, to handle: FileHandle) {
        write(Data(text.utf8), to: handle)
    }

    private func write(_ bytes: Data, to handle: FileHandle) {
        // A reader that has gone away must not end the command: status is not its purpose.
        try? handle.write(contentsOf: bytes)
    }
}
