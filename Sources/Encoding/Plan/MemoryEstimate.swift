internal import Encoders
internal import Jobs
internal import VideoTypes

/// An estimate of the memory that an encode needs. It was measured with each encoder's fastest settings, so the real need is
/// higher, and an encode that is refused for it was not possible.
struct MemoryEstimate {
    /// The program and its libraries, as soon as they run.
    private static let program = 40 << 20

    /// The minimum of its memory in bytes.
    let bytes: Int
    /// Addresses that it takes at the least, beyond those that are in use.
    let addresses: Int

    /// - Parameters:
    ///   - plan: The encode.
    ///   - inFlight: Bytes of pictures and chunks between the stages.
    ///   - encoders: How many work at a time.
    init(_ plan: EncodePlan, inFlight: Int, encoders: Int = 1) {
        let pixels = plan.target.size.width * plan.target.size.height * encoders
        let own = Self.leastBytesPerPixel(plan.backend.name, plan.config.codec.codec) * pixels
        bytes = Self.program + inFlight + own
        addresses = inFlight + own
    }

    private static func leastBytesPerPixel(_ encoder: String, _ codec: VideoCodec) -> Int {
        if encoder == "librav1e" { return 600 }
        if encoder == "libsvtav1" { return 160 }
        return switch codec {
        case .h264, .vp8: 20
        case .av1: 30
        case .vp9: 40
        case .hevc: 60
        }
    }

    /// Throws if a limit on memory is below what is needed.
    func check() throws(JobError) {
        if let limit = MemoryLimit.controlGroup, limit < bytes {
            throw Self.tooLittle(
                "at least \(MemoryLimit.megabytes(bytes))",
                "\(MemoryLimit.megabytes(limit)) (control group)"
            )
        }
        let inUse = MemoryLimit.addressSpaceInUse
        if let limit = MemoryLimit.addressSpace, limit < inUse + addresses {
            let needed = MemoryLimit.megabytes(inUse + addresses)
            throw Self.tooLittle("addresses for about \(needed)", "\(MemoryLimit.megabytes(limit)) (ulimit -v)")
        }
    }

    private static func tooLittle(_ needed: String, _ limit: String) -> JobError {
        .config(.insufficientResources("this encode needs \(needed) of memory, and the limit is \(limit)"))
    }
}
