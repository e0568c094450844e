import Synchronization
import TestSupport
import Testing
import Threading

@Suite("A bounded queue")
struct BoundedQueueTests {
    private func queue(soft: Int = 2, hard: Int = 4, maxBytes: Int = 1000) -> BoundedQueue<Int> {
        BoundedQueue(limits: QueueLimits(soft: soft, hard: hard, maxBytes: maxBytes))
    }

    @Test("A bounded queue gives elements out in the order in which they came in")
    func order() {
        let queue = queue(soft: 10, hard: 10)
        for number in 0..<10 { #expect(queue.accepts(number)) }
        #expect((0..<10).map { _ in queue.receive() } == Array(0..<10))
        #expect((queue.count, queue.byteCount) == (0, 0))
    }

    @Test("A bounded queue refuses at the hard limit, or at the soft one if asked to, and gives the element back")
    func limits() {
        let queue = queue()
        for number in 0..<2 { #expect(queue.accepts(number, saturating: false)) }
        #expect(queue.isSaturated)
        #expect(!queue.accepts(2, saturating: false))
        for number in 2..<4 { #expect(queue.accepts(number)) }
        switch queue.offer(4, cost: .payload(bytes: 1)) {
        case .refused(let element): #expect(element == 4)
        case .accepted: Issue.record("accepted")
        case .closed: Issue.record("closed")
        }
        #expect(queue.count == 4)
    }

    @Test("A bounded queue holds no more bytes than it may, however few the elements are")
    func bytes() {
        let queue = queue(soft: 10, hard: 10, maxBytes: 100)
        #expect(queue.accepts(0, bytes: 60))
        let isSaturated = queue.isSaturated
        #expect(isSaturated, "another one of 60 bytes would wait (fault H3)")
        #expect(!queue.accepts(1, bytes: 41))
        #expect(queue.accepts(2, bytes: 40))
        #expect(queue.isSaturated)
        #expect(queue.byteCount == 100)
        #expect(queue.receive() == 0)
        #expect(queue.byteCount == 40)
        #expect(queue.canNeverHold(.payload(bytes: 101)))
        #expect(!queue.canNeverHold(.payload(bytes: 100)))
    }

    @Test("A bounded queue has a sender wait at the soft limit until there is room", .timeLimit(.minutes(1)))
    func waiting() throws {
        let queue = queue()
        for number in 0..<2 { #expect(queue.accepts(number)) }
        let sender = Background { try queue.send(2, cost: .payload(bytes: 1)) }
        // Receiving twice can only give 2 last if the sender waited for the first.
        #expect(queue.receive() == 0)
        try sender.value()
        #expect([queue.receive(), queue.receive()] == [1, 2])
    }

    @Test("A bounded queue lets control messages pass when it is full", .timeLimit(.minutes(1)))
    func control() throws {
        let queue = queue(soft: 1, hard: 1, maxBytes: 1)
        #expect(queue.accepts(0, bytes: 1))
        try Background { for number in 1...10 { try queue.send(number, cost: .control) } }.value()
        #expect((queue.count, queue.byteCount) == (1, 1))
        #expect((0...10).map { _ in queue.receive() } == Array(0...10))
    }

    @Test("A bounded queue takes sixteen control messages in addition to its full contents")
    func controlReserve() {
        let queue = queue(soft: 1, hard: 1)
        #expect(queue.accepts(0))
        var accepted = 0
        while accepted < 100, case .accepted = queue.offer(accepted, cost: .control) { accepted += 1 }
        #expect(accepted == 16)
        #expect(!queue.accepts(1))
    }

    @Test(
        "A bounded queue returns the remaining elements after it is finished, and then nothing",
        .timeLimit(.minutes(1))
    )
    func finish() throws {
        let queue = queue()
        for number in 0..<3 { #expect(queue.accepts(number)) }
        queue.finish()
        #expect(!queue.accepts(3))
        #expect(throws: BoundedQueue<Int>.Closed.self) { try queue.send(4, cost: .payload(bytes: 1)) }
        #expect(try Background { (0..<4).map { _ in queue.receive() } }.value() == [0, 1, 2, nil])
    }

    @Test("A bounded queue wakes every sender and receiver when it is finished", .timeLimit(.minutes(1)))
    func finishWakes() throws {
        let (full, empty) = (queue(soft: 1, hard: 1), queue())
        #expect(full.accepts(0))
        let senders = (0..<4).map { number in Background { try full.send(number, cost: .payload(bytes: 1)) } }
        let receivers = (0..<4).map { _ in Background { empty.receive() } }
        full.finish()
        empty.finish()
        for sender in senders { #expect(throws: BoundedQueue<Int>.Closed.self) { try sender.value() } }
        for receiver in receivers { #expect(try receiver.value() == nil) }
        #expect(full.count == 1)
    }

    @Test(
        "A bounded queue passes every element to the canceling caller, and wakes all waiting threads",
        .timeLimit(.minutes(1))
    )
    func cancel() throws {
        let (full, empty) = (queue(soft: 3, hard: 3), queue())
        for number in 0..<3 { #expect(full.accepts(number)) }
        let senders = (0..<4).map { number in Background { try full.send(number, cost: .payload(bytes: 1)) } }
        let receivers = (0..<4).map { _ in Background { empty.receive() } }
        var discarded: [Int] = []
        full.cancel { discarded.append($0) }
        empty.cancel()
        #expect(discarded == [0, 1, 2])
        for sender in senders { #expect(throws: BoundedQueue<Int>.Closed.self) { try sender.value() } }
        for receiver in receivers { #expect(try receiver.value() == nil) }
        #expect((full.count, full.byteCount) == (0, 0))
        #expect(full.receive() == nil)
        full.cancel { _ in Issue.record("nothing is left") }
    }

    @Test("A bounded queue destroys its remaining elements when it is destroyed")
    func destruction() {
        final class Witness: Sendable {
            let deaths: Mutex<Int>.Counter
            init(_ deaths: Mutex<Int>.Counter) { self.deaths = deaths }
            deinit { deaths.add() }
        }
        let deaths = Mutex<Int>.Counter()
        do {
            let queue = BoundedQueue<Witness>(limits: QueueLimits())
            for _ in 0..<5 { _ = queue.offer(Witness(deaths), cost: .payload(bytes: 1)) }
            #expect(deaths.count == 0)
        }
        #expect(deaths.count == 5)
    }

    @Test("A bounded queue corrects invalid limits")
    func corrected() {
        #expect(QueueLimits(soft: 0, hard: -3, maxBytes: 0) == QueueLimits(soft: 1, hard: 1, maxBytes: 1))
        #expect(QueueLimits(soft: 20, hard: 10).hard == 20)
        #expect((QueueLimits().soft, QueueLimits().hard) == (16, 64))
    }
}

extension BoundedQueue where Element == Int {
    func accepts(_ element: Int, bytes: Int = 1, saturating: Bool = true) -> Bool {
        switch offer(element, cost: .payload(bytes: bytes), saturating: saturating) {
        case .accepted: true
        case .refused: false
        case .closed: false
        }
    }
}

extension Mutex<Int> {
    final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }
}
