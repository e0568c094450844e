import TestSupport
import Testing
import Threading

@Suite("A request for room in a bounded queue")
struct WhenRoomTests {
    private let calls = Monitor([Int]())

    private func saturated(soft: Int = 1, hard: Int = 4, maxBytes: Int = 100) -> BoundedQueue<Int> {
        let queue = BoundedQueue<Int>(limits: QueueLimits(soft: soft, hard: hard, maxBytes: maxBytes))
        for number in 0..<soft { #expect(queue.accepts(number)) }
        return queue
    }

    private func ask(_ queue: BoundedQueue<Int>, _ number: Int, bytes: Int = 1) -> Bool {
        let calls = calls
        return queue.whenRoom(for: .payload(bytes: bytes)) { calls.withLock { $0.append(number) } }
    }

    private var called: [Int] { calls.withLock { $0 } }

    @Test("A request for room in a bounded queue is called at once while there is room")
    func atOnce() {
        let queue = BoundedQueue<Int>(limits: QueueLimits())
        #expect(ask(queue, 1))
        #expect(called == [1])
    }

    @Test("A request for room in a bounded queue is called once, when an element is taken out")
    func onReceive() {
        let queue = saturated(soft: 2)
        #expect(ask(queue, 1))
        #expect(called == [])
        _ = queue.receive()
        _ = queue.receive()
        #expect(called == [1])
    }

    @Test("As many requests for room in a bounded queue are called as there is room for, in turn")
    func asManyAsFit() {
        let queue = saturated(soft: 2, hard: 8)
        for number in 1...3 { #expect(ask(queue, number)) }
        _ = queue.receive()
        #expect(called == [1])
        // The first one's element was not sent: the queue has room for two now.
        _ = queue.receive()
        #expect(called == [1, 2, 3])
    }

    @Test(
        "A request for room in a bounded queue for a large element is called only with enough bytes"
    )
    func bytes() {
        let queue = saturated(soft: 2, maxBytes: 10)
        #expect(ask(queue, 1, bytes: 10))
        _ = queue.receive()
        #expect(called == [])
        _ = queue.receive()
        #expect(called == [1])
    }

    @Test("The next request for room in a bounded queue is called when a caller passes the room on")
    func passingOn() {
        let queue = saturated(soft: 1)
        for number in 1...3 { #expect(ask(queue, number)) }
        _ = queue.receive()
        #expect(called == [1])
        queue.passOnRoom()
        queue.passOnRoom()
        #expect(called == [1, 2, 3])
        queue.passOnRoom()
        #expect(called == [1, 2, 3])
    }

    @Test(
        "All requests for room in a bounded queue are called when the queue is closed",
        arguments: [true, false]
    )
    func closing(finishes: Bool) {
        let queue = saturated()
        for number in 1...3 { #expect(ask(queue, number)) }
        if finishes { queue.finish() } else { queue.cancel() }
        #expect(called == [1, 2, 3])
        #expect(ask(queue, 4))
        #expect(called == [1, 2, 3, 4])
    }

    @Test("A request for room in a bounded queue is refused over the hard limit of requests")
    func bounded() {
        let queue = saturated(soft: 1, hard: 3)
        for number in 1...3 { #expect(ask(queue, number)) }
        #expect(!ask(queue, 4))
        #expect(called == [])
    }

    @Test(
        "A request for room in a bounded queue may use the queue from within the call",
        .timeLimit(.minutes(1))
    )
    func reentrant() throws {
        let queue = saturated()
        let accepted = Monitor(false)
        #expect(queue.whenRoom(for: .payload(bytes: 1)) { accepted.withLock { $0 = queue.accepts(9) } })
        #expect(try Background { queue.receive() }.value() == 0)
        #expect(accepted.withLock { $0 })
        #expect(queue.receive() == 9)
    }
}
