internal import CX264
internal import VideoTypes

/// Rate control by timestamps where libx264 counts frames, since following timestamps would cost it a frame of delay.
///
/// libx264 spends what its target allows for a frame of the nominal rate. Where frames come faster, the target is lowered
/// as much, and where they come more slowly, it is raised: before each frame, by `x264_encoder_reconfig`.
struct X264Pacing {
    /// What libx264 is told, in thousands of bits a second.
    struct Rates: Equatable {
        var bitrate: CInt
        var maxBitrate: CInt
    }

    /// The frames of about a second tell how fast they come now.
    private static let windowLimit = 128
    private static let second: Int64 = 1_000_000

    private let base: Rates
    private let nominal: FrameRate
    private var times: [Int64] = []

    /// - Parameters:
    ///   - base: The rates at the nominal frame rate.
    ///   - nominal: The frame rate that libx264 was told.
    init(_ base: Rates, nominal: FrameRate) { (self.base, self.nominal) = (base, nominal) }

    /// The rates for the next frame, which lasts as long as the one before it, as far as can be told.
    mutating func rates(at timestamp: Int64, lasting duration: Int64?) -> Rates {
        if let last = times.last, timestamp <= last { times = [] }
        times.append(timestamp)
        while times.count > 2, times.count > Self.windowLimit || timestamp &- times[1] > Self.second {
            times.removeFirst()
        }
        guard times.count > 1 else { return scaled(duration.map(Double.init)) }
        return scaled(Double(timestamp &- times[0]) / Double(times.count - 1))
    }

    /// - Parameter interval: Microseconds from a frame to the next; `nil` if that is not known.
    private func scaled(_ interval: Double?) -> Rates {
        let frame = 1e6 / nominal.approximate
        func scaled(_ rate: CInt) -> CInt {
            guard rate > 0, let interval else { return rate }
            return CInt(min(Double(Int32.max / 2), max(1, Double(rate) * interval / frame)).rounded())
        }
        return Rates(bitrate: scaled(base.bitrate), maxBitrate: scaled(base.maxBitrate))
    }
}

extension X264Parameters {
    /// libx264 takes another target on its way only where a buffer fills at it (`x264_ratecontrol_init_reconfigurable`), so
    /// that a variable rate becomes one within a buffer of a second, or the level's.
    func makeTargetChangeable() {
        guard config.pacesByTimestamps, unsafe pointer.pointee.rc.i_rc_method == X264_RC_ABR else { return }
        let bitrate = unsafe pointer.pointee.rc.i_bitrate
        unsafe pointer.pointee.rc.i_vbv_max_bitrate = bitrate
        let buffer = unsafe pointer.pointee.rc.i_vbv_buffer_size
        let second = max(bitrate, frame(at: bitrate))
        unsafe pointer.pointee.rc.i_vbv_buffer_size = buffer > 0 ? min(buffer, second) : second
    }

    /// What keeps the rate by timestamps; `nil` where libx264 does so itself, or none is kept.
    var pacing: X264Pacing? {
        guard config.pacesByTimestamps else { return nil }
        let raw = unsafe pointer.pointee
        let isAverage = unsafe raw.rc.i_rc_method == X264_RC_ABR
        let base = X264Pacing.Rates(
            bitrate: isAverage ? unsafe raw.rc.i_bitrate : 0,
            maxBitrate: unsafe raw.rc.i_vbv_max_bitrate
        )
        return base.maxBitrate > 0 ? X264Pacing(base, nominal: config.nominalFramerate) : nil
    }
}

extension ValidatedEncoderConfig {
    /// libx264 counts frames, though only their timestamps tell when they come, and there is a rate to be kept.
    var pacesByTimestamps: Bool { values.framerate == nil && countsFrames && !isFreeOfRateControl }

    /// The rate that libx264 is told: where only the timestamps tell, about what to expect.
    var nominalFramerate: FrameRate { values.framerate ?? values.averageFramerate ?? .thirty }
}
