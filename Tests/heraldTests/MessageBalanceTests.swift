import Testing
import herald

@Suite struct MessageBalanceTests {
    private let balanced = MessageBalance(
        published: 90, carriedOver: 10, dispatched: 70, undeliverable: 10, delayed: 12, quarantined: 3, queued: 5, attempted: 64,
        waitingAtStart: 4, waitingAtEnd: 10)

    @Test func holdsWhenEveryMessageIsSomewhere() {
        #expect(balanced.isBalanced)
        #expect(!balanced.description.contains("UNACCOUNTED"))
    }

    @Test func aLostMessageIsSeen() {
        var balance = balanced
        balance.queued -= 1
        #expect(!balance.isBalanced)
        #expect(balance.unaccounted == 1)
        #expect(balance.description.contains("1 UNACCOUNTED FOR"))
    }

    @Test func aMessageDispatchedTwiceIsSeen() {
        var balance = balanced
        balance.attempted += 1
        #expect(!balance.isBalanced)
        #expect(balance.undispatched == -1)
    }
}
