import Foundation
import Scoring
import Store
import Testing

@Suite struct ServerStateTests {
    private static func state(_ hello: String) throws -> ServerState {
        try ServerState(
            hello: Document(json: hello, doing: ""), buildInfo: Document(json: #"{"version": "8.0.1"}"#, doing: ""), doing: "testing")
    }

    @Test("A primary and a router can be used")
    func usable() throws {
        #expect(try Self.state(#"{"isWritablePrimary": true, "setName": "rs0"}"#).replicaSet == "rs0")
        #expect(try Self.state(#"{"isWritablePrimary": true, "msg": "isdbgrid"}"#).version == "8.0.1")
    }

    @Test("A standalone server is a clear error that says what to do")
    func standalone() throws {
        let error = #expect(throws: StoreError.self) { try Self.state(#"{"isWritablePrimary": true}"#) }
        #expect(error?.code == .notReplicaSet)
        #expect(error?.isRetriable == false)
        #expect(error?.message.contains("--replSet") == true)
        let fresh = #expect(throws: StoreError.self) { try Self.state(#"{"isWritablePrimary": false, "isreplicaset": true}"#) }
        #expect(fresh?.code == .notReplicaSet)
        #expect(fresh?.message.contains("rs.initiate") == true)
    }

    @Test("A secondary is worth another try")
    func secondary() {
        let error = #expect(throws: StoreError.self) { try Self.state(#"{"isWritablePrimary": false, "setName": "rs0"}"#) }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetriable == true)
    }

    @Test("The real server says its version and its replica set")
    func ping() throws {
        let state = try Database(url: testURL(database: "herald_test_ping")).ping()
        #expect(state.version.first?.isNumber == true)
        #expect(state.replicaSet?.isEmpty == false)
    }

    @Test("No server: every operation is a retriable error within the configured time")
    func away() throws {
        let url = try StoreURL("mongodb://u:s3cret@127.0.0.1:\(unusedPort())/?serverSelectionTimeoutMS=300&connectTimeoutMS=300")
        let database = try Database(url: url)
        let operations: [(Database) throws -> Void] = [
            { _ = try $0.ping() }, { _ = try $0.insert([sampleRecord("j")]) }, { _ = try $0.insert([sampleOutcome("j")]) },
            { try $0.prepare() }, { _ = try $0.counts(since: Timestamp(milliseconds: 0)) },
        ]
        for operation in operations {
            let start = ContinuousClock.now
            let error = #expect(throws: StoreError.self) { try operation(database) }
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(error?.code == .unavailable)
            #expect(error?.isRetriable == true)
            #expect(error.map { "\($0)".contains("s3cret") } == false)
        }
    }
}
