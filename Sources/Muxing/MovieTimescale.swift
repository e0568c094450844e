internal import CFFmpeg
internal import Containers
internal import LibAV

/// What an MP4 counts the beginnings and lengths of its streams in (ISO/IEC 14496-12 8.2.2 and 8.6.6), which libavformat
/// would count in milliseconds.
enum MovieTimescale {
    /// Some readers treat more as damage.
    private static let limit = 10_000_000

    /// A unit in which all streams have whole numbers; microseconds if the unit would be too fine.
    ///
    /// - Parameters:
    ///   - ticks: What the video counts in: units of a second.
    ///   - sampleRates: What the streams of audio count in.
    static func common(_ ticks: Int, _ sampleRates: [Int]) -> Int {
        var scale = 1000
        for unit in [ticks] + sampleRates {
            guard let multiple = multiple(scale, unit), multiple <= limit else { return 1_000_000 }
            scale = multiple
        }
        return scale
    }

    /// The least common multiple of two positive numbers.
    private static func multiple(_ a: Int, _ b: Int) -> Int? {
        let (product, overflows) = a.multipliedReportingOverflow(by: b)
        return overflows ? nil : product / Int(av_gcd(Int64(a), Int64(b)))
    }
}

extension Muxer {
    /// Has MP4 count its edit lists in something that every stream can begin at exactly.
    func setMovieTimescale(_ clock: ContainerClock, _ audio: [AudioStream]) throws(SinkError) {
        guard hasSampleEntry else { return }
        let scale = MovieTimescale.common(clock.timeBase.denominator, audio.map(\.sampleRate))
        let status = unsafe av_opt_set_int(context.pointee.priv_data, "movie_timescale", Int64(scale), 0)
        try check("movie_timescale", status)
    }
}
