import Broker
import Foundation
import Testing

extension Consumer {
    /// Takes batches until `isEnough` says so; stops the consumer after 30 s, so that a broken one fails rather than hangs.
    func take(_ isEnough: (DeliveryBatch) -> Bool) {
        let guardian = Thread { [weak self] in
            Thread.sleep(forTimeInterval: 30)
            if !Thread.current.isCancelled { self?.stop() }
        }
        guardian.start()
        defer { guardian.cancel() }
        while let batch = next() {
            if isEnough(batch) { return }
        }
        Issue.record("the consumer stopped before enough was delivered")
    }

    /// Takes and acknowledges until `count` deliveries came in; returns them.
    func takeAndAcknowledge(_ count: Int) -> [Delivery] {
        var deliveries: [Delivery] = []
        take { batch in
            deliveries += batch.deliveries
            acknowledge(batch.tags)
            return deliveries.count >= count
        }
        return deliveries
    }

    func waitUntilConsuming() {
        #expect(waitUntil(deadline: .now + .seconds(20)) { $0.isConsuming })
    }
}
