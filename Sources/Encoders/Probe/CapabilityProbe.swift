internal import Bitstream
internal import EncoderCore
public import Jobs
internal import LibAV
public import Logging
internal import Threading
public import VideoTypes

/// Finds out what this machine can encode by encoding it, and decoding what came out.
public struct CapabilityProbe: Sendable {
    /// Frames of each case: two periods of the longest layer pattern.
    public static let frameCount = 8
    /// The least PSNR of luma that counts as the picture that went in, in decibels, where the rate allows as much.
    public static let leastPSNR = 25.0

    /// Takes messages.
    private let logger: Logger

    /// A probe.
    public init(logger: Logger = .silent) { self.logger = logger }

    /// Tries a case.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ probe: ProbeCase) -> ProbeOutcome { run(probe.config) }

    /// Tries a configuration, with frames of its own size and format.
    @available(*, noasync, message: "blocks the calling thread")
    public func run(_ config: EncoderConfig, frames: Int = frameCount) -> ProbeOutcome {
        let choice: BackendChoice
        do throws(EncoderConfigError) {
            choice = try BackendChoice(for: ValidatedEncoderConfig(config))
        } catch .insufficientResources(let reason) {
            return .unavailable(reason)
        } catch {
            return error.isUnsupported ? .unsupported(error.description) : .invalid(error.description)
        }
        do throws(ProbeFailure) {
            return .supported(try ProbeRun(choice, frames: frames, logger: logger).evidence())
        } catch {
            switch error {
            case .encoder(.config(.insufficientResources(let reason))): return .unavailable(reason)
            // What only opening can tell.
            case .encoder(.config(let error)) where error.isUnsupported: return .unsupported(error.description)
            case .encoder(.codec(let operation, let status)) where choice.backend.isHardware:
                return .unsupported("\(operation) failed with status \(status)")
            // As `encode` ends then: libraries do not always tell that what they lacked was memory.
            case .encoder(.codec), .decoder(.codec):
                return .unavailable(error.description + (MemoryLimit.description.map { " (\($0))" } ?? ""))
            default: return .failed(error.description)
            }
        }
    }
}

/// What can be wrong with what an encoder that opened has done.
enum ProbeFailure: Error, CustomStringConvertible {
    case encoder(EncoderError)
    case decoder(DecoderError)
    case picture(EncoderConfigError)
    case wrong(String)

    var description: String {
        switch self {
        case .encoder(let error): error.description
        case .decoder(let error): "decoding what was encoded failed: \(error)"
        case .picture(let error): error.description
        case .wrong(let reason): reason
        }
    }
}

/// One configuration, encoded and decoded.
private struct ProbeRun {
    private let choice: BackendChoice
    private let frames: Int
    private let logger: Logger
    private let pattern: TestPattern

    private var config: EncoderConfig { choice.config.values }

    init(_ choice: BackendChoice, frames: Int, logger: Logger) {
        (self.choice, self.frames, self.logger) = (choice, frames, logger)
        pattern = TestPattern(size: choice.config.size)
    }

    func evidence() throws(ProbeFailure) -> ProbeOutcome.Evidence {
        let chunks = try encode()
        try check(chunks)
        let psnr = try decode(chunks)
        guard psnr >= ProbeQuality(config: choice.config).least(try source(0)) else {
            throw .wrong(
                "the decoded picture has a PSNR of \((psnr * 10).rounded() / 10) dB: it differs from the encoded one"
            )
        }
        // After dropping layers, a valid stream must remain.
        for layer in 0..<config.scalabilityMode.temporalLayers - 1 {
            _ = try decode(chunks.filter { $0.temporalLayerId <= layer })
        }
        return ProbeOutcome.Evidence(
            encoder: choice.backend.name,
            codec: chunks.first?.decoderConfig?.codec ?? config.codec.description,
            frames: chunks.count,
            psnr: psnr,
            notice: choice.notice
        )
    }

    private func source(_ number: Int) throws(ProbeFailure) -> VideoFrame {
        let format = config.pictureFormat
        let bytes: [UInt8]
        do throws(EncoderConfigError) {
            bytes = try pattern.frame(number, format: format)
        } catch {
            throw .picture(error)
        }
        let rate = config.framerate ?? .thirty
        guard let layout = PictureLayout(format: format, size: pattern.size) else { throw .wrong("no such picture") }
        return VideoFrame(
            layout: layout,
            buffer: PlaneBuffer(copying: bytes),
            timestamp: rate.timestamp(ofFrame: number) ?? 0,
            duration: rate.duration(ofFrame: number)
        )
    }

    private func encode() throws(ProbeFailure) -> [EncodedVideoChunk] {
        let chunks = Monitor<[EncodedVideoChunk]>([])
        let encoder = VideoEncoder { chunk in chunks.withLock { $0.append(chunk) } }
        do throws(EncoderError) {
            try encoder.configure(choice.backend.makeSetup(choice.config, logger))
        } catch {
            throw .encoder(error)
        }
        for number in 0..<frames {
            let frame = try source(number)
            do throws(EncoderError) { try encoder.submit(frame) } catch { throw .encoder(error) }
        }
        do throws(EncoderError) {
            try encoder.flush()
            try encoder.close()
        } catch {
            throw .encoder(error)
        }
        return chunks.withLock { $0 }
    }

    /// Everything that the configuration promises and that can be checked without decoding.
    private func check(_ chunks: [EncodedVideoChunk]) throws(ProbeFailure) {
        guard chunks.count == frames else { throw .wrong("\(frames) frames became \(chunks.count) chunks") }
        guard chunks.first?.type == .key else { throw .wrong("the first chunk is not a key chunk") }
        let rate = config.framerate ?? .thirty
        let times = (0..<frames).compactMap { rate.timestamp(ofFrame: $0) }
        guard chunks.map(\.timestamp).sorted() == times else {
            throw .wrong("the timestamps differ from those of the frames")
        }
        if case .quantizer(let quantizer) = choice.config.rateControl,
            let other = chunks.compactMap(\.quantizer).first(where: { $0 != quantizer })
        {
            throw .wrong("a frame has quantizer \(other), not \(quantizer)")
        }
        let layers = (0..<frames).map(config.scalabilityMode.temporalLayer)
        guard chunks.map(\.temporalLayerId) == layers else { throw .wrong("the layers do not match the pattern") }
    }

    /// The PSNR of luma over all of the chunks' pictures.
    private func decode(_ chunks: [EncodedVideoChunk]) throws(ProbeFailure) -> Double {
        guard let decoderConfig = chunks.first?.decoderConfig else {
            throw .wrong("the decoder configuration is missing")
        }
        var (total, count) = (PlanePSNR?.none, 0)
        var decoder: LibAVDecoder
        do throws(DecoderError) { decoder = try LibAVDecoder(decoderConfig) } catch { throw .decoder(error) }
        for chunk in chunks {
            do throws(DecoderError) { try decoder.submit(chunk) } catch { throw .decoder(error) }
            count += try compareFrames(of: &decoder, &total)
        }
        do throws(DecoderError) { try decoder.drain() } catch { throw .decoder(error) }
        count += try compareFrames(of: &decoder, &total)
        guard count == chunks.count else { throw .wrong("\(chunks.count) chunks became \(count) pictures") }
        return total?.decibelsByPlane.first ?? 0
    }

    /// Compares what the decoder has with what went in, frame by frame, and counts it.
    private func compareFrames(of decoder: inout LibAVDecoder, _ total: inout PlanePSNR?) throws(ProbeFailure) -> Int {
        var count = 0
        while let frame = try next(of: &decoder) {
            let rate = config.framerate ?? .thirty
            guard let number = (0..<frames).first(where: { rate.timestamp(ofFrame: $0) == frame.timestamp }),
                let psnr = PlanePSNR(frame, try source(number))
            else { throw .wrong("the decoder returns \(frame.size) \(frame.format.rawValue) at \(frame.timestamp)") }
            if total == nil { total = psnr } else { total?.add(psnr) }
            count += 1
        }
        return count
    }

    private func next(of decoder: inout LibAVDecoder) throws(ProbeFailure) -> VideoFrame? {
        do throws(DecoderError) { return try decoder.nextFrame()?.takeFrame() } catch { throw .decoder(error) }
    }
}
