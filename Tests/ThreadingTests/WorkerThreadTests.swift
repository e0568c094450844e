import Foundation
import Synchronization
import Testing
import Threading

@Suite("A worker thread")
struct WorkerThreadTests {
    @Test("A worker thread has run to its end when it is joined", .timeLimit(.minutes(1)))
    func join() throws {
        for number in 0..<50 {
            let result = Monitor(-1)
            let thread = try WorkerThread(name: "test") { result.withLock { $0 = number } }
            thread.join()
            #expect(result.withLock { $0 } == number)
        }
    }

    @Test("A worker thread knows itself", .timeLimit(.minutes(1)))
    func isCurrent() throws {
        let box = Mutex<WorkerThread?>(nil)
        let (started, answer) = (Monitor(false), Monitor<Bool?>(nil))
        let check: @Sendable () -> Bool = {
            box.withLock { thread in
                switch thread {
                case .some(let thread): thread.isCurrent
                case .none: false
                }
            }
        }
        var thread: WorkerThread? = try WorkerThread(name: "test") {
            started.wait(until: { $0 }, then: { _ in })
            let isCurrent = check()
            answer.withLock { $0 = isCurrent }
        }
        box.withLock { $0 = thread.take() }
        #expect(!check())
        started.withLock { $0 = true }
        #expect(answer.wait(atMost: .seconds(20)) { $0 != nil })
        #expect(answer.withLock { $0 } == true)
        if let thread = box.withLock({ $0.take() }) { thread.join() }
    }

    @Test("A worker thread lets go of what its body holds when it ends", .timeLimit(.minutes(1)))
    func releases() throws {
        final class Witness: Sendable {}
        var witness: Witness? = Witness()
        weak let weakWitness = witness
        let thread = try WorkerThread(name: "test") { [witness] in _ = witness }
        witness = nil
        thread.join()
        #expect(weakWitness == nil)
    }

    #if os(Linux)
        @Test("A worker thread has the first 15 bytes of its name", .timeLimit(.minutes(1)))
        func name() throws {
            let name = Monitor("")
            let thread = try WorkerThread(name: "a-name-that-is-too-long") {
                let found = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
                name.withLock { $0 = found }
            }
            thread.join()
            #expect(name.withLock { $0 } == "a-name-that-is-\n")
        }
    #endif
}
