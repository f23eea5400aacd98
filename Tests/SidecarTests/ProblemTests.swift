import HTTPTypes
import Sidecar
import Testing

@Suite struct ProblemTests {
    @Test("Every kind of problem has a status of an error")
    func statuses() {
        for kind in ProblemKind.allCases {
            #expect((400...599).contains(kind.status.code), "\(kind)")
        }
    }
}
