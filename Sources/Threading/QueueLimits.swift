/// How much a queue holds. Whichever bound comes first holds.
public struct QueueLimits: Hashable, Sendable {
    /// At this many elements the queue is saturated: a blocking sender waits. At least 1. The default is 16.
    public var soft: Int
    /// At this many elements a sender that does not wait is refused. At least `soft`. The default is 64.
    public var hard: Int
    /// The most bytes that the elements may have together, 1 or more. The default is 256 MiB.
    public var maxBytes: Int

    /// Limits; a `hard` below `soft` is raised to it, and the minimum is 1.
    public init(soft: Int = 16, hard: Int = 64, maxBytes: Int = 256 << 20) {
        self.soft = max(1, soft)
        self.hard = max(self.soft, hard)
        self.maxBytes = max(1, maxBytes)
    }
}

/// The cost of one element against ``QueueLimits``.
public struct QueueCost: Hashable, Sendable {
    /// Elements: 1, or 0 for a control message, which passes however full the queue is.
    public var elements: Int
    /// Bytes of payload.
    public var bytes: Int

    /// A payload of this many bytes.
    public static func payload(bytes: Int) -> QueueCost { QueueCost(elements: 1, bytes: bytes) }
    /// A message without a cost.
    public static let control = QueueCost(elements: 0, bytes: 0)
}

/// The contents of a queue, and its remaining room. A plain value, without locks or threads.
struct QueueOccupancy: Equatable {
    let limits: QueueLimits
    private(set) var elements = 0
    private(set) var bytes = 0
    /// What a sender last asked room for, which is what the next one is taken to need.
    private var latestBytes = 0

    init(limits: QueueLimits) { self.limits = limits }

    /// A waiting sender would wait with an element of the size of the last request, by either bound.
    var isSaturated: Bool {
        bytes >= limits.maxBytes || !hasRoom(for: .payload(bytes: latestBytes), upTo: limits.soft)
    }

    /// There is room for this without going over `limit` elements.
    func hasRoom(for cost: QueueCost, upTo limit: Int) -> Bool {
        cost.elements == 0 || (elements < limit && cost.bytes <= limits.maxBytes - bytes)
    }

    /// There will never be room for this, however long one waits.
    func canNeverHold(_ cost: QueueCost) -> Bool { cost.bytes > limits.maxBytes }

    /// Remembers the size of a request, granted or not.
    mutating func note(_ cost: QueueCost) {
        if cost.elements > 0 { latestBytes = cost.bytes }
    }

    mutating func add(_ cost: QueueCost) {
        elements += cost.elements
        bytes += cost.bytes
    }

    mutating func remove(_ cost: QueueCost) {
        elements -= cost.elements
        bytes -= cost.bytes
    }
}
