import EncoderCore
import Testing
import Threading
import VideoTypes

/// What a fake backend is told to do, and what it was seen to do.
final class Script: Sendable {
    struct Record {
        var opened = 0
        var dropped = 0
        var drained = 0
        var submitted: [Int64] = []
        var keyFrames: [Int64] = []
        /// Frames whose size was not that of the configuration, or whose backend was drained already.
        var misfits: [Int64] = []
    }

    let record = Monitor(Record())
    let gate: Gate
    let size: PictureSize
    let failingFrame: Int64?
    let failsToOpen: Bool
    let failsToDrain: Bool
    /// Frames that the backend holds before the first chunk comes out.
    let delay: Int
    /// Is written into the chunks' data, so that the setup that made them can be identified.
    let tag: UInt8

    init(
        open: Bool = true,
        size: PictureSize = PictureSize(width: 16, height: 16),
        failingFrame: Int64? = nil,
        failsToOpen: Bool = false,
        failsToDrain: Bool = false,
        delay: Int = 0,
        tag: UInt8 = 0
    ) {
        gate = Gate(open: open)
        (self.size, self.failingFrame, self.failsToOpen, self.failsToDrain) = (
            size, failingFrame, failsToOpen, failsToDrain
        )
        (self.delay, self.tag) = (delay, tag)
    }

    var submitted: [Int64] { record.withLock { $0.submitted } }
    var misfits: [Int64] { record.withLock { $0.misfits } }
    var open: Int { record.withLock { $0.opened - $0.dropped } }

    func config() throws -> ValidatedEncoderConfig {
        var config = EncoderConfig(codec: "avc1.42001E", width: size.width, height: size.height)
        (config.bitrateMode, config.quantizer) = (.quantizer, 20)
        return try ValidatedEncoderConfig(config)
    }

    func setup(rules: FrameRules = FrameRules()) throws -> EncoderSetup {
        let size = size
        return EncoderSetup(
            config: try config(),
            rules: rules,
            prepare: { frame throws(EncoderError) in
                guard frame.size == size else { throw .invalidFrame("\(frame.size) is not \(size)") }
                return frame
            },
            makeBackend: { () throws(EncoderError) in try FakeBackend(self) }
        )
    }

    func frame(_ timestamp: Int64) throws -> VideoFrame {
        let layout = try #require(PictureLayout(format: .i420, size: size))
        return VideoFrame(layout: layout, buffer: PlaneBuffer(byteCount: layout.byteCount), timestamp: timestamp)
    }

    var frameBytes: Int { size.width * size.height * 3 / 2 }
}

struct FakeBackend: EncoderBackend, ~Copyable {
    private let script: Script
    private var held: [EncodedVideoChunk] = []
    private var isDraining = false

    init(_ script: Script) throws(EncoderError) {
        if script.failsToOpen { throw .codec(operation: "opening", status: -7) }
        self.script = script
        script.record.withLock { $0.opened += 1 }
    }

    deinit { script.record.withLock { $0.dropped += 1 } }

    mutating func submit(_ frame: borrowing VideoFrame, options: EncodeOptions) throws(EncoderError) {
        script.gate.pass()
        let (time, size) = (frame.timestamp, frame.size)
        let (isDraining, expected) = (isDraining, script.size)
        script.record.withLock { record in
            record.submitted.append(time)
            if options.keyFrame { record.keyFrames.append(time) }
            if isDraining || size != expected { record.misfits.append(time) }
        }
        if let failing = script.failingFrame, time >= failing {
            throw .codec(operation: "frame \(failing)", status: -1)
        }
        let type: EncodedVideoChunk.ChunkType = options.keyFrame ? .key : .delta
        held.append(EncodedVideoChunk(type: type, timestamp: time, duration: nil, data: [script.tag]))
    }

    mutating func nextChunk() throws(EncoderError) -> EncodedVideoChunk? {
        guard held.count > (isDraining ? 0 : script.delay) else { return nil }
        return held.removeFirst()
    }

    mutating func drain() throws(EncoderError) {
        script.record.withLock { $0.drained += 1 }
        if script.failsToDrain { throw .codec(operation: "draining", status: -2) }
        isDraining = true
    }
}

/// Takes chunks.
final class Output: Sendable {
    struct Refused: Error, Equatable { let timestamp: Int64 }

    private let chunks = Monitor([EncodedVideoChunk]())
    private let refused: Int64?

    init(refusing refused: Int64? = nil) { self.refused = refused }

    func take(_ chunk: EncodedVideoChunk) throws {
        if chunk.timestamp == refused { throw Refused(timestamp: chunk.timestamp) }
        chunks.withLock { $0.append(chunk) }
    }

    var all: [EncodedVideoChunk] { chunks.withLock { $0 } }
    var timestamps: [Int64] { all.map(\.timestamp) }
    func waits(for count: Int) -> Bool { chunks.wait(atMost: .seconds(15)) { $0.count >= count } }
}

extension EncoderError {
    /// Enough to tell errors from each other.
    var kind: String {
        switch self {
        case .config: "config"
        case .quotaExceeded: "quotaExceeded"
        case .invalidState: "invalidState"
        case .invalidFrame: "invalidFrame"
        case .codec(let operation, _): "codec \(operation)"
        case .output: "output"
        case .aborted: "aborted"
        }
    }
}

/// The name of the error that `body` throws; empty if it does not throw.
func failure(of body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch let error as EncoderError {
        return error.kind
    } catch let error as DecoderError {
        return error.kind
    } catch {
        return "\(error)"
    }
}
