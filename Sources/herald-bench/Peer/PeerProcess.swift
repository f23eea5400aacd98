import Foundation

/// Another program that is measured: it reads one request a line and answers each with one line, `ok …` or `error …`.
final class PeerProcess {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var unread = Data()
    private let name: String

    /// Starts the program.
    ///
    /// - Parameter log: file to which it writes what is no answer.
    init(_ name: String, executable: String, arguments: [String], environment: [String: String], log: String) throws {
        self.name = name
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = requests
        process.standardOutput = answers
        guard FileManager.default.createFile(atPath: log, contents: nil), let errors = FileHandle(forWritingAtPath: log) else {
            throw BenchmarkError("cannot write '\(log)'")
        }
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw BenchmarkError("\(name): cannot start '\(executable)': \(error.localizedDescription)")
        }
    }

    /// Its input ends, upon which it does.
    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The words after `ok`.
    func ask(_ request: String) throws -> [String] {
        do {
            try requests.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
        } catch {
            throw BenchmarkError("\(name) has ended: \(error.localizedDescription)")
        }
        let line = try answer()
        guard line == "ok" || line.hasPrefix("ok ") else {
            throw BenchmarkError("\(name): \(line.hasPrefix("error ") ? String(line.dropFirst(6)) : line)")
        }
        return line.split(separator: " ").dropFirst().map(String.init)
    }

    /// The same, as numbers.
    func figures(_ request: String) throws -> [Double] {
        let words = try ask(request)
        let numbers = words.compactMap(Double.init)
        guard numbers.count == words.count else { throw BenchmarkError("\(name) answers '\(words.joined(separator: " "))'") }
        return numbers
    }

    private func answer() throws -> String {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
                unread = unread[(end + 1)...]
                return line
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchmarkError("\(name) ended without an answer") }
            unread.append(more)
        }
    }
}
