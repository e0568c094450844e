internal import CFFmpeg
internal import VideoTypes

/// The first and the last filter of a graph that is whole.
@unsafe
struct FilterEnds {
    let source: UnsafeMutablePointer<AVFilterContext>
    let sink: UnsafeMutablePointer<AVFilterContext>

    /// Parses a graph's text, puts it between a source and a sink, and configures it.
    ///
    /// - Parameters:
    ///   - functions: libavfilter's.
    ///   - graph: An empty graph.
    ///   - text: What goes between.
    ///   - example: A frame with the properties of the pictures that will come.
    ///   - input: The pictures that will come.
    /// - Returns: `nil` if libavfilter refuses it, which is logged.
    init?(
        _ functions: cffmpeg_filters,
        _ graph: UnsafeMutablePointer<AVFilterGraph>,
        _ text: String,
        _ example: UnsafeMutablePointer<AVFrame>,
        _ input: FilterInput
    ) {
        var functions = functions
        let clock = AVRational(num: input.clock.denominator, den: input.clock.numerator)
        let rate = AVRational(
            num: CInt(clamping: input.framerate?.numerator ?? 0),
            den: CInt(clamping: input.framerate?.denominator ?? 1)
        )
        guard let source = unsafe cffmpeg_filter_source(&functions, graph, example, clock, rate),
            let format = unsafe cffmpeg_make_filter(&functions, graph, "format", "out_format", Self.formats),
            let sink = unsafe cffmpeg_make_filter(&functions, graph, "buffersink", "out", nil)
        else {
            return nil
        }
        var inputs: UnsafeMutablePointer<AVFilterInOut>?
        var outputs: UnsafeMutablePointer<AVFilterInOut>?
        defer {
            unsafe functions.release_ends(&inputs)
            unsafe functions.release_ends(&outputs)
        }
        guard unsafe functions.parse(graph, text, &inputs, &outputs) >= 0 else { return nil }
        guard unsafe cffmpeg_is_one_picture_end(&functions, inputs, true),
            unsafe cffmpeg_is_one_picture_end(&functions, outputs, false),
            let first = unsafe inputs, let last = unsafe outputs
        else {
            unsafe cffmpeg_log_error("the graph needs one open video input and one open video output\n")
            return nil
        }
        guard unsafe functions.link(source, 0, first.pointee.filter_ctx, CUnsignedInt(first.pointee.pad_idx)) >= 0,
            unsafe functions.link(last.pointee.filter_ctx, CUnsignedInt(last.pointee.pad_idx), format, 0) >= 0,
            unsafe functions.link(format, 0, sink, 0) >= 0,
            unsafe functions.configure(graph, nil) >= 0
        else {
            return nil
        }
        unsafe (self.source, self.sink) = (source, sink)
    }

    /// What may come out: every format that Sluice has and libavfilter can make, and those of full range with names of their own.
    private static var formats: String {
        let own = PixelFormat.allCases.filter { $0 != .rgbaf32 }.compactMap(\.ffmpegName)
        return "pix_fmts=" + (own + ["yuvj420p", "yuvj422p", "yuvj444p"]).joined(separator: "|")
    }
}
