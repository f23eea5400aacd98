import Scoring
import Store
import Testing

@Suite struct AliasTimelineTests {
    /// `A B C <B` = promoted A, B, C, rolled back to B.
    private func timeline(_ script: String) -> AliasTimeline {
        var from: String?
        let events = script.split(separator: " ").enumerated().map { index, word in
            let isRollback = word.first == "<"
            let version = String(isRollback ? word.dropFirst() : word)
            defer { from = version }
            return ModelEvent(
                isRollback ? .rolledBack : .promoted, .init(alias: .champion, number: index + 1), from: from, to: version, by: "test",
                at: Timestamp(milliseconds: 0), reason: "")
        }
        return AliasTimeline(.champion, events.shuffled())
    }

    @Test(arguments: [
        ("", ""), ("A", ""), ("A B", "A"), ("A B C", "B A"), ("A B C <B", "A"), ("A B C <B <A", ""), ("A B C <A", ""),
        ("A B <A C", "A"), ("A B <A C <A", ""), ("A B C <B D", "B A"), ("A B C <B D <B <A", ""), ("A B A", "B A"), ("A B A <B", "A"),
        ("A B A <B <A", ""), ("A A", ""), ("A B <A B", "A"), ("A B <A B <A B", "A"),
    ])
    func rollbacksGoFurtherBackEachTime(script: String, earlier: String) {
        #expect(timeline(script).earlier == earlier.split(separator: " ").map(String.init))
    }

    @Test("Whatever was promoted, rolling back again and again ends, and never leads to where it came from")
    func everyScriptOfSix() {
        for code in 0..<729 {
            var rest = code
            var script: [String] = []
            for _ in 0..<6 {
                script.append(["A", "B", "C"][rest % 3])
                rest /= 3
            }
            var steps = 0
            while let next = timeline(script.joined(separator: " ")).earlier.first {
                #expect(next != timeline(script.joined(separator: " ")).current)
                script.append("<\(next)")
                steps += 1
                #expect(steps <= 5)
                guard steps <= 5 else { return }
            }
            #expect(timeline(script.joined(separator: " ")).current == script[0])
        }
    }

    @Test func otherEntriesChangeNothing() {
        let events = [
            ModelEvent(.refused, to: "X", by: "test", at: Timestamp(milliseconds: 9), reason: ""),
            ModelEvent(
                .challenged, .init(alias: .challenger, number: 5), from: nil, to: "Y", by: "test", at: Timestamp(milliseconds: 9),
                reason: ""),
        ]
        let timeline = AliasTimeline(.champion, timeline("A B").events + events)
        #expect(timeline.current == "B")
        #expect(timeline.next == .init(alias: .champion, number: 3))
    }
}
