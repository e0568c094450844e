internal import CX264
internal import VideoTypes

/// Rate control by timestamps where libx264 counts frames, since following timestamps would cost it a frame of delay.
///
/// libx264 spends what its target allows for a frame of the nominal rate. Where frames come faster, the target is lowered
/// as much, and where they come more slowly, it is raised: before each frame, by `x264_encoder_reconfig`.
struct X264Pacing {
    /// What libx264 was told, in thousands of bits a second.
    struct Rates: Equatable {
        var bitrate: CInt
        var maxBitrate: CInt
    }

    /// The frames of about a second tell how fast they come now.
    private static let windowLimit = 128
    private static let second: Int64 = 1_000_000

    private let base: Rates
    private let nominal: FrameRate
    /// The buffer fills at the target, so that both have to change together.
    private let isConstant: Bool
    private var times: [Int64] = []
    private var first: Int64?
    private var frames = 0

    /// - Parameters:
    ///   - base: The rates at the nominal frame rate.
    ///   - nominal: The frame rate that libx264 was told.
    init(_ base: Rates, nominal: FrameRate, isConstant: Bool) {
        (self.base, self.nominal, self.isConstant) = (base, nominal, isConstant)
    }

    /// The rates for the next frame.
    mutating func rates(at timestamp: Int64, lasting duration: Int64?) -> Rates {
        defer { frames += 1 }
        guard let last = times.last, let first, timestamp > last else {
            (times, first) = (times + [timestamp], first ?? timestamp)
            return scaled(now: duration.map(Double.init), overall: duration.map(Double.init))
        }
        times.append(timestamp)
        while times.count > 2, times.count > Self.windowLimit || timestamp - times[1] > Self.second {
            times.removeFirst()
        }
        let now = Double(timestamp - times[0]) / Double(times.count - 1)
        // The frame itself lasts as long as the one before, as far as can be told.
        let overall = (Double(timestamp - first) + now) / Double(frames + 1)
        return scaled(now: now, overall: overall)
    }

    /// - Parameters:
    ///   - now: Microseconds of a frame at present; `nil` if that is not known.
    ///   - overall: The same from the first frame on.
    private func scaled(now: Double?, overall: Double?) -> Rates {
        let frame = 1e6 / nominal.approximate
        func scale(_ rate: CInt, _ interval: Double?) -> CInt {
            guard rate > 0, let interval else { return rate }
            return CInt(min(Double(Int32.max / 2), max(1, Double(rate) * interval / frame)).rounded())
        }
        return Rates(
            bitrate: scale(base.bitrate, isConstant ? now : overall),
            maxBitrate: scale(base.maxBitrate, now)
        )
    }
}

extension X264Parameters {
    /// libx264 takes another target only where it keeps a buffer: one that bounds nothing, where none is asked for.
    func makeTargetChangeable() {
        guard config.pacesByTimestamps, unsafe pointer.pointee.rc.i_vbv_max_bitrate == 0 else { return }
        unsafe pointer.pointee.rc.i_vbv_max_bitrate = Self.freeBitrate
        unsafe pointer.pointee.rc.i_vbv_buffer_size = Self.freeBitrate
    }

    /// More than any level allows, in thousands of bits.
    static var freeBitrate: CInt { 2_000_000 }

    /// What keeps the rate by timestamps; `nil` where libx264 does so itself, or none is kept.
    var pacing: X264Pacing? {
        guard config.pacesByTimestamps else { return nil }
        let raw = unsafe pointer.pointee
        let isAverage = unsafe raw.rc.i_rc_method == X264_RC_ABR
        let base = X264Pacing.Rates(
            bitrate: isAverage ? unsafe raw.rc.i_bitrate : 0,
            maxBitrate: unsafe raw.rc.i_vbv_max_bitrate
        )
        guard base.bitrate > 0 || (base.maxBitrate > 0 && base.maxBitrate < Self.freeBitrate) else { return nil }
        let isConstant = config.values.bitrateMode == .constant
        return X264Pacing(base, nominal: config.nominalFramerate, isConstant: isConstant)
    }
}

extension ValidatedEncoderConfig {
    /// libx264 counts frames, though only their timestamps tell when they come, and there is a rate to be kept.
    var pacesByTimestamps: Bool { values.framerate == nil && countsFrames && !isFreeOfRateControl }

    /// The rate that libx264 is told: where only the timestamps tell, about what to expect.
    var nominalFramerate: FrameRate { values.framerate ?? values.averageFramerate ?? .thirty }
}
