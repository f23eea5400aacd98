import Scoring
import Testing

/// Ids of decisions and hashes of recipients, against values computed with other tools.
struct DecisionIDTests {
    @Test func theIDFollowsFromTheJobAndTheDecisionBefore() throws {
        // printf 'job-1\xff' | sha256sum | cut -c1-32, and the same with that id appended.
        let first = DecisionID(jobID: "job-1", previous: nil)
        #expect(first.text == "fb2236f8be75ad6d144ccc9021994f37")
        let second = DecisionID(jobID: "job-1", previous: first)
        #expect(second.text == "36786962c0c6781fe45ffbe240fe8203")
        #expect(DecisionID(second.text) == second)
    }

    @Test(arguments: [
        "", "0123", "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdeg", "é123456789abcdef0123456789abcdef",
    ])
    func whatIsNoIDIsNotRead(_ text: String) {
        #expect(DecisionID(text) == nil)
    }

    @Test func aRecipientIsHashedUnderTheKey() {
        // RFC 4231, test cases 1 and 2.
        let hasher = RecipientHasher(key: [UInt8](repeating: 0x0B, count: 20))
        #expect(hasher.hash("Hi There") == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            RecipientHasher(key: Array("Jefe".utf8)).hash("what do ya want for nothing?")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }
}
