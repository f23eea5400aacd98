import Foundation

/// The program as it is started from the command line.
enum BenchProgram {
    /// Runs the program that was built with these tests, and returns its status and both its outputs.
    static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: test).deletingLastPathComponent().appending(path: "herald-bench")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
