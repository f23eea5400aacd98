import Broker
import Streaming
import Testing

@Suite struct BoundedQueueTests {
    @Test func givesBackWhatWasPutInInOrder() {
        let queue = BoundedQueue<Int>(capacity: 10)
        for number in 1...3 { #expect(queue.append(number, weight: 1)) }
        #expect(queue.takeAll() == [1, 2, 3])
    }

    @Test func letsAnOversizedElementPassAlone() {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.append(1, weight: 5))
        #expect(queue.takeAll() == [1])
    }

    @Test func appendWaitsForRoom() throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.append(1, weight: 2))
        let appended = Monitor(false)
        try DedicatedThread.detach(name: "append") {
            _ = queue.append(2, weight: 2)
            appended.update { $0 = true }
        }
        // The element cannot be in before the first is taken, whenever the thread gets to run.
        #expect(queue.takeAll() == [1])
        #expect(queue.takeAll() == [2])
        #expect(appended.wait(until: .now + .seconds(10)) { $0 ? true : nil } == true)
    }

    @Test func closingFreesWhoeverWaits() throws {
        let queue = BoundedQueue<Int>(capacity: 1)
        #expect(queue.append(1, weight: 1))
        let refused = Monitor<Bool?>(nil)
        try DedicatedThread.detach(name: "append") {
            let appended = queue.append(2, weight: 1)
            refused.update { $0 = !appended }
        }
        queue.close()
        #expect(refused.wait(until: .now + .seconds(10)) { $0 } == true)
        #expect(queue.takeAll() == [1])
        #expect(queue.takeAll() == nil)
        #expect(queue.pause(for: .seconds(60)))
    }
}
