import TestSupport
import Testing
import Threading

@Suite("A bounded queue under many threads")
struct BoundedQueueStressTests {
    private struct Seen {
        var most = 0
        var mostBytes = 0
        var taken: [Int: [Int]] = [:]
    }

    @Test(
        "A bounded queue under many threads never grows past any limit, loses nothing, and keeps each sender's order",
        .timeLimit(.minutes(1)),
        arguments: [
            QueueLimits(soft: 1, hard: 1, maxBytes: 100), QueueLimits(soft: 3, hard: 3, maxBytes: 1 << 20),
            QueueLimits(soft: 8, hard: 8, maxBytes: 90),
        ]
    )
    func bounds(limits: QueueLimits) throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed of BoundedQueueStressTests.bounds: \(seed)")
        let queue = BoundedQueue<(sender: Int, number: Int)>(limits: limits)
        let seen = Monitor(Seen())
        let (senderCount, perSender) = (6, 300)
        let senders = (0..<senderCount).map { sender in
            Background {
                var random = SeededGenerator(seed: seed &+ UInt64(sender))
                for number in 0..<perSender {
                    let cost = QueueCost.payload(bytes: .random(in: 1...30, using: &random))
                    try queue.send((sender, number), cost: cost)
                }
            }
        }
        let receivers = (0..<2).map { _ in
            Background {
                var taken: [(sender: Int, number: Int)] = []
                while let element = queue.receive() {
                    taken.append(element)
                    let (count, bytes) = (queue.count, queue.byteCount)
                    seen.withLock { seen in
                        seen.most = max(seen.most, count)
                        seen.mostBytes = max(seen.mostBytes, bytes)
                    }
                }
                return taken
            }
        }
        for sender in senders { try sender.value() }
        queue.finish()
        let taken = try receivers.map { try $0.value() }
        #expect(seen.withLock { $0.most } <= limits.soft, "seed \(seed)")
        #expect(seen.withLock { $0.mostBytes } <= limits.maxBytes, "seed \(seed)")
        for sender in 0..<senderCount {
            let perReceiver = taken.map { $0.filter { $0.sender == sender }.map(\.number) }
            for numbers in perReceiver { #expect(numbers == numbers.sorted(), "seed \(seed)") }
            #expect(perReceiver.flatMap { $0 }.sorted() == Array(0..<perSender), "seed \(seed)")
        }
    }

    @Test("A bounded queue under many threads accepts exactly as many offers as it gives out", .timeLimit(.minutes(1)))
    func offers() throws {
        let queue = BoundedQueue<Int>(limits: QueueLimits(soft: 2, hard: 5, maxBytes: 1000))
        let most = Monitor(0)
        let offering = (0..<4).map { _ in
            Background { (0..<2000).reduce(0) { accepted, number in accepted + (queue.accepts(number) ? 1 : 0) } }
        }
        let receiver = Background {
            var count = 0
            while queue.receive() != nil {
                count += 1
                let now = queue.count
                most.withLock { $0 = max($0, now) }
            }
            return count
        }
        let accepted = try offering.map { try $0.value() }.reduce(0, +)
        queue.finish()
        #expect(try receiver.value() == accepted)
        #expect(most.withLock { $0 } <= 5)
    }

    @Test("A bounded queue under many threads wakes everyone, whenever it is cancelled", .timeLimit(.minutes(1)))
    func cancelling() throws {
        for _ in 0..<50 {
            let queue = BoundedQueue<Int>(limits: QueueLimits(soft: 2, hard: 2))
            let senders = (0..<3).map { _ in
                Background {
                    var sent = 0
                    while (try? queue.send(sent, cost: .payload(bytes: 1))) != nil { sent += 1 }
                    return sent
                }
            }
            let receivers = (0..<2).map { _ in
                Background {
                    var received = 0
                    while queue.receive() != nil { received += 1 }
                    return received
                }
            }
            var discarded = 0
            queue.cancel { _ in discarded += 1 }
            let sent = try senders.map { try $0.value() }.reduce(0, +)
            let received = try receivers.map { try $0.value() }.reduce(0, +)
            // A receiver that was woken may take an element that cancel has not reached yet; none is lost or doubled.
            #expect(sent == received + discarded)
        }
    }
}
