import Foundation
import Scoring
import Store
import Testing

/// What is special about a registry without a database.
@Suite struct DiskRegistryTests {
    @Test("A link moved by hand wins, and the next change takes it over")
    func movedByHand() throws {
        try RegistryFixture.run(inDatabase: false) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            try fixture.link("champion", to: "v3")
            #expect(try fixture.champion == "v3")
            #expect(try fixture.registry.rollBack(fixture.order()).event.to == "v2")
            let changes = try fixture.registry.timeline(of: .champion).events.map { "\($0.kind.rawValue) \($0.from ?? "-")>\($0.to)" }
            #expect(changes == ["imported ->v1", "promoted v1>v2", "imported v2>v3", "rolled_back v3>v2"])
        }
    }

    @Test("A line of the history that a crash cut short costs that line alone, wherever the cut is")
    func tornHistory() throws {
        try RegistryFixture.run(inDatabase: false) { fixture in
            _ = try fixture.registry.promote("v2", fixture.order())
            let file = "\(fixture.path)/events.ndjson"
            let whole = try Data(contentsOf: URL(fileURLWithPath: file))
            let count = try fixture.registry.events().count
            let lastLine = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
            for length in stride(from: lastLine + 1, to: whole.count - 1, by: 7) {
                try whole.prefix(length).write(to: URL(fileURLWithPath: file))
                #expect(try fixture.registry.events().count == count - 1)
                _ = try fixture.registry.promote("v3", fixture.order())
                #expect(try fixture.registry.timeline(of: .champion).current == "v3")
                try fixture.link("champion", to: "v2")
            }
        }
    }

    @Test("The fingerprint tells every change of link or files from none")
    func token() throws {
        try RegistryFixture.run(inDatabase: false) { fixture in
            func token() throws -> String? { try fixture.registry.standing(of: .champion)?.token }
            let first = try token()
            #expect(try token() == first)
            try fixture.link("champion", to: "v2")
            let second = try token()
            #expect(second != first)
            try fixture.cut("v2")
            let third = try token()
            #expect(third != second)
            try FileManager.default.removeItem(atPath: "\(fixture.path)/v2")
            #expect(try token() != third)
            try FileManager.default.removeItem(atPath: "\(fixture.path)/champion")
            #expect(try token() == nil)
        }
    }

    @Test("A history of more bytes than are read, or that is no file, is an error and not an empty history")
    func hostileHistory() throws {
        try RegistryFixture.run(inDatabase: false) { fixture in
            let file = "\(fixture.path)/events.ndjson"
            try Data().write(to: URL(fileURLWithPath: file))
            #expect(truncate(file, 1 << 40) == 0)
            #expect(throws: RegistryError.self) { try fixture.registry.events() }
            unlink(file)
            try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
            #expect(throws: RegistryError.self) { try fixture.registry.promote("v2", fixture.order()) }
            #expect(fixture.linked == "v1")
        }
    }

    @Test("A folder in the place of the link is not replaced")
    func folderAsLink() throws {
        try RegistryFixture.run(inDatabase: false) { fixture in
            try FileManager.default.removeItem(atPath: "\(fixture.path)/champion")
            try FileManager.default.createDirectory(atPath: "\(fixture.path)/champion", withIntermediateDirectories: false)
            #expect(throws: RegistryError.self) { try fixture.registry.promote("v2", fixture.order()) }
        }
    }
}
