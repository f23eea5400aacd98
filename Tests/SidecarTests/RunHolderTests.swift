import Foundation
import Sidecar
import Testing

@Suite struct RunHolderTests {
    @Test("A process is told from one that has ended, and from one elsewhere")
    func alive() throws {
        #expect(RunHolder(RunHolder.own.text) == RunHolder.own)
        #expect(RunHolder.own.isAlive == true)
        let parts = RunHolder.own.text.split(separator: " ").map(String.init)
        #expect(RunHolder("\(parts[0]) \(parts[1]) 1")?.isAlive == false, "another process that got the same id")
        #expect(RunHolder("elsewhere/boot/space \(parts[1]) \(parts[2])")?.isAlive == nil)

        let child = Process()
        child.executableURL = URL(filePath: "/bin/true")
        try child.run()
        let id = child.processIdentifier
        child.waitUntilExit()
        #expect(RunHolder("\(parts[0]) \(id) \(parts[2])")?.isAlive == false)
    }

    @Test("What is no holder is not read", arguments: ["", "a", "a b c", "a 1", "a 1 2 3"])
    func malformed(_ text: String) {
        #expect(RunHolder(text) == nil)
    }
}
