internal import EncoderCore
internal import Threading
internal import VideoTypes

/// Decodes the pictures of one source, whatever they are made of, and gives them out in the order of presentation.
///
/// Thread-safety: ``run()`` is called once, on one thread; ``close()`` on any.
protocol MediaDecoding: AnyObject, Sendable {
    /// What is known of the source.
    var info: MediaInfo { get }
    /// Every picture that is read comes out: another number is damage.
    var countsPictures: Bool { get }
    /// Decodes to the end. What was found out goes into the outcome also where it fails.
    func run() throws(MediaFailure)
    /// Ends it: who waits for the memory of a frame, or for a place in a queue, stops waiting.
    func close()
}

/// Where the pictures of a source go.
struct FrameOutlet: Sendable {
    /// Frames that wait, besides the one that is being made and the one that is used: fewer if they are large.
    static let waitingFrames = 4
    /// Bytes of the frames that wait; one may wait whatever its size.
    private static let waitingBytes = 6 << 20
    /// Frames that exist at a time.
    static let frames = waitingFrames + 3

    let queue: BoundedQueue<DecodedFrame>
    let outcome = Monitor(DecodedMedia.Outcome())

    /// Bytes of the frames that wait, at most.
    ///
    /// - Parameter bytes: Bytes of each.
    static func waitingBytes(ofFrames bytes: Int) -> Int { max(bytes, min(waitingFrames * bytes, waitingBytes)) }

    init() {
        let waiting = QueueLimits(soft: Self.waitingFrames, hard: Self.waitingFrames, maxBytes: Self.waitingBytes)
        queue = BoundedQueue(limits: waiting)
    }

    /// Gives a picture out, unless it is one that is left out.
    ///
    /// - Throws: ``IncompletePicture``, or what the queue throws that nobody reads any more.
    func deliver(_ decoded: consuming DecodedFrame) throws {
        var frame = consume decoded
        let timestamp = frame.frame.timestamp
        guard let codedBytes = outcome.withLock({ $0.take(timestamp) }) else { return }
        frame.codedBytes = codedBytes
        guard !frame.isIncomplete else { throw IncompletePicture(timestamp: frame.frame.timestamp) }
        if frame.isInterlaced { outcome.withLock { $0.countInterlaced() } }
        let bytes = min(frame.frame.layout.byteCount, Self.waitingBytes)
        try queue.send(frame, cost: .payload(bytes: bytes))
    }
}
