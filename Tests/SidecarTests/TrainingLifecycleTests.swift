import Sidecar
import Store
import Testing

@Suite struct TrainingLifecycleTests {
    private typealias Exit = TrainingLifecycle.Exit

    @Test("A run is queued, runs and succeeds")
    func success() {
        var life = TrainingLifecycle()
        #expect(life.state == .queued)
        #expect(life.started() == .nothing)
        #expect(life.state == .running)
        life.ended(.code(0), lastWords: "done")
        #expect(life.state == .succeeded)
        #expect(life.error == nil)
    }

    @Test("Failures say how it ended, and its last words")
    func failures() {
        let cases: [(Exit, String)] = [
            (.code(1), "herald train ended with exit code 1: no rows"),
            (.signal(9), "herald train was ended by signal 9 (SIGKILL; perhaps memory ran out): no rows"),
            (.signal(6), "herald train was ended by signal 6: no rows"),
            (.lost("no such file"), "herald train could not be run: no such file"),
        ]
        for (exit, words) in cases {
            var life = TrainingLifecycle()
            _ = life.started()
            life.ended(exit, lastWords: "no rows")
            #expect(life.state == .failed)
            #expect(life.error == words)
        }
    }

    @Test("Cancelling asks first and kills when patience is over, once each")
    func cancellation() {
        var life = TrainingLifecycle()
        _ = life.started()
        #expect(life.patienceIsOver() == .nothing)
        #expect(life.cancel() == .terminate)
        #expect(life.cancel() == .nothing)
        #expect(life.state == .running)
        #expect(life.patienceIsOver() == .kill)
        life.ended(.signal(15), lastWords: "")
        #expect(life.state == .cancelled)
        #expect(life.error == nil)
        #expect(life.patienceIsOver() == .nothing)
        #expect(life.cancel() == .nothing)
    }

    @Test("What is cancelled before it has started is stopped as soon as it has")
    func cancelledInTheQueue() {
        var life = TrainingLifecycle()
        #expect(life.cancel() == .nothing)
        #expect(life.state == .queued)
        #expect(life.started() == .terminate)
        life.ended(.code(143), lastWords: "")
        #expect(life.state == .cancelled)

        var lost = TrainingLifecycle()
        _ = lost.cancel(because: "the sidecar was stopped")
        lost.ended(.lost("x"), lastWords: "")
        #expect(lost.state == .cancelled)
        #expect(lost.error == "the sidecar was stopped")
    }

    @Test("A run that was done before the signal came has succeeded")
    func tooLate() {
        var life = TrainingLifecycle()
        _ = life.started()
        _ = life.cancel()
        life.ended(.code(0), lastWords: "")
        #expect(life.state == .succeeded)
    }

    @Test("No event changes the end, in any order")
    func ends() {
        let exits: [Exit] = [.code(0), .code(2), .signal(9), .lost("x")]
        for first in exits {
            for second in exits {
                var life = TrainingLifecycle()
                _ = life.started()
                life.ended(first, lastWords: "")
                let end = (life.state, life.error)
                #expect(life.state.isFinal)
                _ = life.started()
                _ = life.cancel()
                life.ended(second, lastWords: "more")
                #expect((life.state, life.error) == end)
            }
        }
    }
}
