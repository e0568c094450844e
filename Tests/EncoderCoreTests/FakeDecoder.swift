import EncoderCore
import Testing
import Threading
import VideoTypes

// The same script tells a fake decoder what to do; its failing frame is a chunk then.
extension Script {
    var decoderConfig: DecoderConfig {
        DecoderConfig(
            codec: "vp8",
            codedWidth: size.width,
            codedHeight: size.height,
            pixelAspectRatio: .square,
            colorSpace: .bt601,
            description: nil
        )
    }

    /// A key picture begins with 1.
    func setup() -> DecoderSetup {
        DecoderSetup(
            config: decoderConfig,
            checkKey: { chunk throws(DecoderError) in
                guard chunk.data.first == 1 else { throw .dataError("\(chunk.timestamp) is not key") }
            },
            makeBackend: { source throws(DecoderError) in try FakeDecoder(self, source) }
        )
    }

    /// A key chunk.
    func chunk(_ timestamp: Int64, bytes: Int = 10) -> EncodedVideoChunk {
        EncodedVideoChunk(
            type: .key,
            timestamp: timestamp,
            duration: nil,
            data: [1] + [UInt8](repeating: 0, count: bytes - 1)
        )
    }

    /// A chunk that needs those before it.
    func delta(_ timestamp: Int64) -> EncodedVideoChunk {
        EncodedVideoChunk(type: .delta, timestamp: timestamp, duration: nil, data: [0])
    }
}

struct FakeDecoder: DecoderBackend, ~Copyable {
    private let script: Script
    private let source: FrameSource
    private var held: [Int64] = []
    private var isDraining = false

    init(_ script: Script, _ source: FrameSource) throws(DecoderError) {
        if script.failsToOpen { throw .codec(operation: "opening", status: -7, message: "no") }
        (self.script, self.source) = (script, source)
        script.record.withLock { $0.opened += 1 }
    }

    deinit { script.record.withLock { $0.dropped += 1 } }

    mutating func submit(_ chunk: EncodedVideoChunk) throws(DecoderError) {
        script.gate.pass()
        let (time, isDraining) = (chunk.timestamp, isDraining)
        script.record.withLock { record in
            record.submitted.append(time)
            if isDraining { record.misfits.append(time) }
        }
        if let failing = script.failingFrame, time >= failing { throw .corrupt("chunk \(failing)") }
        held.append(time)
    }

    mutating func nextFrame() throws(DecoderError) -> DecodedFrame? {
        guard held.count > (isDraining ? 0 : script.delay) else { return nil }
        guard let layout = PictureLayout(format: .gray8, size: script.size) else { throw .unsupported("size") }
        var frame = try source.makeFrame(layout: layout, timestamp: held.removeFirst(), duration: nil)
        let tag = script.tag
        frame.withMutableBytes { $0.storeBytes(of: tag, toByteOffset: 0, as: UInt8.self) }
        return DecodedFrame(frame, colorSpace: .bt601)
    }

    mutating func drain() throws(DecoderError) {
        if script.failsToDrain { throw .codec(operation: "draining", status: -2, message: "no") }
        isDraining = true
    }
}

/// Takes frames, and keeps them if it is told to.
final class FrameOutput: Sendable {
    struct Refused: Error, Equatable { let timestamp: Int64 }

    private struct State: ~Copyable {
        var timestamps: [Int64] = []
        var tags: [UInt8] = []
        var kept: [Box] = []
    }

    /// A frame, which an array could not hold.
    final class Box: Sendable {
        let frame: DecodedFrame
        init(_ frame: consuming DecodedFrame) { self.frame = frame }
    }

    private let state = Monitor(State())
    private let refused: Int64?
    private let keepsFrames: Bool

    init(refusing refused: Int64? = nil, keepsFrames: Bool = false) {
        (self.refused, self.keepsFrames) = (refused, keepsFrames)
    }

    func take(_ frame: consuming DecodedFrame) throws {
        let time = frame.frame.timestamp
        if time == refused { throw Refused(timestamp: time) }
        let tag = frame.frame.withBytes { $0.unsafeLoad(fromByteOffset: 0, as: UInt8.self) }
        let box = keepsFrames ? Box(frame) : nil
        state.withLock { state in
            state.timestamps.append(time)
            state.tags.append(tag)
            if let box { state.kept.append(box) }
        }
    }

    var timestamps: [Int64] { state.withLock { $0.timestamps } }
    var tags: [UInt8] { state.withLock { $0.tags } }

    /// Drops the frames that were kept first.
    func drop(_ count: Int = .max) {
        let dropped = state.withLock { state in
            let dropped = Array(state.kept.prefix(count))
            state.kept.removeFirst(dropped.count)
            return dropped
        }
        _ = dropped
    }

    func waits(for count: Int) -> Bool { state.wait(atMost: .seconds(15)) { $0.timestamps.count >= count } }
}

extension DecoderError {
    /// Enough to tell errors from each other.
    var kind: String {
        switch self {
        case .invalidConfig: "invalidConfig"
        case .unsupported: "unsupported"
        case .corrupt(let reason): "corrupt \(reason)"
        case .dataError: "dataError"
        case .quotaExceeded: "quotaExceeded"
        case .invalidState: "invalidState"
        case .codec(let operation, _, _): "codec \(operation)"
        case .output: "output"
        case .aborted: "aborted"
        }
    }
}
