import Testing
import herald

@Suite struct MessageBalanceTests {
    private let balanced = MessageBalance(
        published: 100, dispatched: 70, undeliverable: 10, delayed: 12, quarantined: 3, queued: 5, attempted: 60, waitingForWorker: 10)

    @Test func holdsWhenEveryMessageIsSomewhere() {
        #expect(balanced.isBalanced)
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

    @Test func messagesOfAnEarlierRunThatComeBackDoNotDisturb() {
        // Ten jobs that waited in retry queues before the run were dispatched in it.
        var balance = balanced
        balance.dispatched += 10
        balance.attempted += 10
        balance.delayed -= 10
        #expect(balance.isBalanced)
    }
}
