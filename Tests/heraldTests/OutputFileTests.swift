import Foundation
import Testing
import herald

@Suite struct OutputFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "herald-output-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func aFileAppearsWholeOrNotAtAll() throws {
        try inFolder { folder in
            let path = "\(folder)/a.csv"
            do {
                let file = try OutputFile(path)
                try file.write([1, 2])
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [], "given up: nothing is left")
            let file = try OutputFile(path)
            try file.write([1, 2])
            #expect(!FileManager.default.fileExists(atPath: path))
            try file.finish()
            #expect(FileManager.default.contents(atPath: path) == Data([1, 2]))
        }
    }

    @Test func aPipeStaysAPipe() throws {
        try inFolder { folder in
            let path = "\(folder)/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            // Open for both ends, so that neither opening waits for the other.
            let reader = open(path, O_RDWR)
            defer { close(reader) }
            let file = try OutputFile(path)
            try file.write([7])
            try file.finish()
            var byte: UInt8 = 0
            #expect(read(reader, &byte, 1) == 1)
            #expect(byte == 7)
            var information = stat()
            #expect(stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFIFO)
        }
    }

    @Test func aFolderAndAnEmptyNameAreRefusedAtOnce() throws {
        try inFolder { folder in
            for path in [folder, "", "\(folder)/nowhere/a.csv"] {
                let error = #expect(throws: ConfigurationError.self) { _ = try OutputFile(path) }
                #expect(error?.description.isEmpty == false)
            }
        }
    }
}
