import Foundation
import Hummingbird
import Sidecar
import Testing

extension WholeLine {
    /// Readers of one large answer: who reads on gets it all, who does not is cut off.
    @Suite struct SidecarReaderTests {
        /// More than any kernel keeps for one connection.
        private static let length = 12 << 20

        /// Bytes of the answer's body that a reader gets.
        ///
        /// - Parameters:
        ///   - stall: seconds that the sidecar lets a peer take nothing.
        ///   - backlog: seconds that it lets more wait for it than the connection holds.
        ///   - pause: seconds before the first byte is read.
        private func read(stall: Double, backlog: Double, pause: Double = 0) throws -> Int {
            let sidecar = try BareSidecar {
                $0.stallTimeout = .seconds(stall)
                $0.backlogTimeout = .seconds(backlog)
            } routes: { router in
                router.get("large") { _, _ in
                    Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0x61, count: Self.length)))
                }
            }
            defer { #expect(throws: Never.self) { try sidecar.stop() } }
            let socket = try Socket(port: sidecar.port, receiveBuffer: 1 << 16, limit: .seconds(5))
            socket.send("GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            Thread.sleep(forTimeInterval: pause)
            var count = -1
            // About half a megabyte a second, in sips.
            while let bytes = socket.receive(1 << 15), !bytes.isEmpty {
                if count < 0 {
                    let head = try #require(Data(bytes).range(of: Data("\r\n\r\n".utf8)), "a head comes in one piece")
                    count = bytes.count - head.upperBound
                } else {
                    count += bytes.count
                }
                if count >= Self.length { break }
                Thread.sleep(forTimeInterval: 0.06)
            }
            return count
        }

        @Test("Who reads slowly but steadily gets the whole answer, though it takes many times as long as a stall may")
        func steady() throws {
            let count = try read(stall: 2, backlog: 120)
            #expect(count == Self.length)
        }

        @Test("Who takes nothing is cut off")
        func stalled() throws {
            let count = try read(stall: 2, backlog: 120, pause: 6)
            #expect((0..<Self.length).contains(count))
        }

        @Test("Who takes an answer in sips without end is cut off too")
        func endless() throws {
            let began = ContinuousClock.now
            let count = try read(stall: 2, backlog: 4)
            #expect((0..<Self.length).contains(count))
            #expect(ContinuousClock.now - began > .seconds(4))
        }
    }
}
