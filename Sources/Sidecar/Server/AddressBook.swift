internal import Synchronization

/// Counts the connections of each peer address, so that one cannot take all of them.
final class AddressBook: Sendable {
    private struct Counts {
        var all = 0
        var byAddress: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let limit: Int
    private let limitPerAddress: Int

    init(limit: Int, limitPerAddress: Int) {
        self.limit = limit
        self.limitPerAddress = limitPerAddress
    }

    /// Counts a connection from `address`; `false`, without counting it, where there are too many.
    func admit(_ address: String) -> Bool {
        counts.withLock { counts in
            let count = counts.byAddress[address, default: 0]
            guard counts.all < limit, count < limitPerAddress else { return false }
            counts.byAddress[address] = count + 1
            counts.all += 1
            return true
        }
    }

    /// The end of a connection that was admitted.
    func leave(_ address: String) {
        counts.withLock { counts in
            guard let count = counts.byAddress[address] else { return }
            counts.byAddress[address] = count > 1 ? count - 1 : nil
            counts.all -= 1
        }
    }

    /// Connections at this moment.
    var count: Int { counts.withLock { $0.all } }
}
