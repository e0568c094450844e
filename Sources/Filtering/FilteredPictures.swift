package import EncoderCore
internal import Filters
internal import Ingest
package import Jobs
internal import LibAV
package import Media
internal import Threading
package import VideoTypes

/// The pictures that a graph of filters makes of others.
///
/// Thread-safety: ``next()`` is called on one thread at a time; everything else on any.
package final class FilteredPictures: TimedPictures {
    /// What changes while pictures come.
    private struct State: ~Copyable {
        var graph: FilterGraph
        /// Which pictures of the input are wanted, where the input does not know it.
        var selection: FrameSelection?
        /// The first picture, until it is sent.
        var ahead: DecodedFrame?
        var hasEnded = false
        var sent = 0
        /// Where 4:2:0 chroma of the last picture is; `nil` if that is not specified.
        var chromaLocation: ChromaLocation?
        /// When the last picture that was sent ends, in microseconds.
        var end: Int64?
        /// The same in units of the graph's clock.
        var endInUnits: Int64 = 0
        var last: Int64?

        /// Notes when a picture ends: where it has no duration, it is shown as long as the one before it.
        ///
        /// - Parameters:
        ///   - time: Its time in units of the graph's clock.
        ///   - frame: The picture.
        ///   - clock: The graph's clock.
        ///   - origin: Where the graph's times begin, in microseconds.
        mutating func note(_ time: Int64, _ frame: borrowing VideoFrame, _ clock: FilterClock, from origin: Int64) {
            end = frame.duration.map { frame.timestamp + $0 }
            let interval = clock.unitsOfFrame ?? last.map { time - $0 } ?? clock.units(FrameTimeline.loneFrame)
            let own = frame.duration == nil || clock.unitsOfFrame != nil ? nil : end
            endInUnits = own.map { clock.units($0 - origin) } ?? time + interval
            last = time
        }
    }

    private let input: any TimedPictures
    /// When a stream's first picture is shown, in microseconds: the graph's times begin with it, as those of `ffmpeg -vf` do.
    private let origin: Int64
    private let state: Monitor<State>
    private let tags: PictureTags
    private let plan: FilterPlan
    /// The job says how many frames the input has.
    private let isCounted: Bool
    /// The constant rate of what comes out; `nil` if it comes at any time.
    package let framerate: FrameRate?

    private var feed: FilterFeed { plan.feed }
    private var clock: FilterClock { plan.source.clock }

    /// - Parameters:
    ///   - input: The pictures that are filtered.
    ///   - first: The first of them.
    ///   - plan: What is done with them.
    ///   - selection: Which of them are wanted; `nil` if those that are not do not come.
    ///   - isCounted: The job says how many frames the input has.
    ///   - threads: Threads that filters may use; `nil` means as many as the machine has cores.
    package init(
        _ input: any TimedPictures,
        first: consuming DecodedFrame,
        _ plan: FilterPlan,
        selection: FrameSelection?,
        isCounted: Bool,
        threads: Int?
    ) throws(JobError) {
        self.isCounted = isCounted
        (self.input, self.plan) = (input, plan)
        origin = selection == nil ? 0 : first.frame.timestamp
        tags = PictureTags(first)
        var graphInput = plan.source.input(plan.feed.target)
        graphInput.namesIdentity = plan.feed.isIdentity
        let graph = try Self.graph(plan, graphInput, threads: threads)
        framerate = graph.framerate
        state = Monitor(State(graph: graph, selection: selection, ahead: first))
    }

    private static func graph(_ plan: FilterPlan, _ input: FilterInput, threads: Int?) throws(JobError) -> FilterGraph {
        do throws(FilterError) {
            return try FilterGraph(plan.text, input: input, threads: threads)
        } catch {
            throw JobError(error, plan.text, plan.filters, picture: 0)
        }
    }

    package var name: String { input.name }
    package var timing: String? { plan.filters.graph == nil ? nil : "\(plan.filters.words) (\(plan.text))" }
    package let frameCount: Int? = nil
    package var clockError: Int64 { max(1, input.clockError) }
    package var bytesRead: Int { input.bytesRead }
    package var droppedBytes: Int { input.droppedBytes }
    package var picturesOfInput: Int? { state.withLock { $0.sent } }
    package var isInterrupted: Bool { input.isInterrupted }
    package var gapNotice: String? { input.gapNotice }
    package var loss: JobError? { input.loss }

    /// Bytes of pictures between decoding and the encoder: the copy that the graph gets, and what it gives out, twice. What filters
    /// keep comes on top.
    ///
    /// - Parameter layout: What the graph gives out.
    package func bytes(givingOut layout: PictureLayout) -> Int { feed.target.byteCount + 2 * layout.byteCount }

    /// Where 4:2:0 chroma of the last picture is; `nil` if that is not specified.
    package var chromaLocation: ChromaLocation? { state.withLock { $0.chromaLocation } }

    /// Where each picture becomes one, the last ends when that of the input does. What a container states of its own end is
    /// less exact than the duration of the last picture.
    package var end: Int64? {
        guard plan.filters.acrossPictures == nil else { return nil }
        return state.withLock { state in state.end ?? (state.selection?.wantsMore ?? true ? input.end : nil) }
    }

    package func next() throws(JobError) -> DecodedFrame? {
        try state.withLock { state throws(JobError) in
            while !input.isInterrupted {
                if let picture = try received(&state) {
                    let decoded = decoded(picture, &state)
                    try checkBlack(decoded)
                    return decoded
                }
                guard !state.hasEnded else { return nil }
                guard !state.graph.isFinished else {
                    try readOn(&state)
                    return nil
                }
                try sendNext(&state)
            }
            return nil
        }
    }

    /// A picture as a stream's would be.
    private func decoded(_ picture: consuming FilteredPicture, _ state: inout State) -> DecodedFrame {
        var color = picture.color
        // A matrix that was guessed for the filters does not become a tag, unless a filter states it.
        if let guessed = plan.source.guessedMatrix(feed.target), color.matrix == guessed,
            plan.filters.graph?.statesMatrix != true
        {
            color.matrix = .unspecified
        }
        let format = picture.frame.format
        let isOfRGB = feed.isIdentity || feed.target.format.isRGB
        if format.chroma != nil, isOfRGB, [.rgb, .unspecified].contains(color.matrix), !picture.isIdentity {
            color.matrix = FilteredPicture.matrixOfRGB(plan.filters.graph?.scalersMatrix)
        }
        // RGB without tags has the usual color, and so has what is made of it.
        if format.chroma != nil, isOfRGB, plan.filters.graph == nil {
            if color.primaries == .unspecified { color.primaries = .bt709 }
            if color.transfer == .unspecified { color.transfer = .bt709 }
        }
        // libswscale's gray has full range unless it is told otherwise.
        if format.isGray, !picture.isLimited { color.fullRange = true }
        state.chromaLocation = picture.chromaLocation
        // What was shifted on its way in is shifted back.
        let timestamp = picture.frame.timestamp + origin
        let (location, ratio, isInterlaced) = (picture.chromaLocation, picture.pixelAspectRatio, picture.isInterlaced)
        var decoded = DecodedFrame(picture.takeFrame(at: timestamp), colorSpace: color)
        decoded.chromaLocation = location ?? .left
        decoded.pixelAspectRatio = ratio ?? .square
        decoded.isInterlaced = isInterlaced
        return decoded
    }

    /// Throws for a picture of full range that has been padded: libavfilter's black is that of limited range.
    private func checkBlack(_ picture: borrowing DecodedFrame) throws(JobError) {
        let (filters, format) = (plan.filters, picture.frame.format)
        guard filters.graph != nil, filters.pad != nil || filters.fit != nil, picture.colorSpace.fullRange,
            format.chroma != nil || format.isGray
        else { return }
        let setting = filters.pad == nil ? Setting.fit : .pad
        throw .usage(
            "\(setting) makes black borders of limited range, but \(Setting.filter) gives out full range (end it with scale=out_range=tv,format=yuv420p, for example)"
        )
    }

    private func received(_ state: inout State) throws(JobError) -> FilteredPicture? {
        do throws(FilterError) { return try state.graph.receive() } catch {
            throw JobError(error, plan.text, plan.filters, picture: state.sent)
        }
    }

    private func sendNext(_ state: inout State) throws(JobError) {
        guard let picture = try wantedPicture(&state) else {
            state.hasEnded = true
            do throws(FilterError) { try state.graph.finish(at: state.endInUnits) } catch {
                throw JobError(error, plan.text, plan.filters, picture: state.sent)
            }
            return
        }
        try check(picture, number: state.sent, ofInput: state.selection.map { $0.seen - 1 } ?? state.sent)
        let time = clock.units(picture.frame.timestamp - origin, error: input.clockError)
        state.note(time, picture.frame, clock, from: origin)
        do throws(FilterError) { try feed.send(picture, at: time, to: &state.graph) } catch {
            throw JobError(error, plan.text, plan.filters, picture: state.sent)
        }
        state.sent += 1
    }

    /// A graph that ends before its input has no say about how many frames that is to have.
    private func readOn(_ state: inout State) throws(JobError) {
        state.hasEnded = true
        guard isCounted else { return }
        while try wantedPicture(&state) != nil {}
    }

    private func wantedPicture(_ state: inout State) throws(JobError) -> DecodedFrame? {
        while state.selection?.wantsMore ?? true {
            var picture = state.ahead.take()
            if picture == nil { picture = try input.next() }
            guard let picture else { break }
            let isWanted = try asJobError { () throws(IngestError) in try state.selection?.takesNext() ?? true }
            if isWanted { return picture }
        }
        if !input.isInterrupted {
            try asJobError { () throws(IngestError) in try state.selection?.checkEnd() }
        }
        return nil
    }

    /// A graph is made for pictures of one kind.
    private func check(_ picture: borrowing DecodedFrame, number: Int, ofInput index: Int) throws(JobError) {
        let (layout, file) = (picture.frame.layout, input.file(ofPicture: index))
        guard layout == feed.source else {
            if let file, layout.size != feed.source.size {
                let advice = "\(plan.filters.words) takes one size: scale them beforehand"
                throw .input(.otherSize(name: file, layout.size, before: feed.source.size, advice: advice))
            }
            let words =
                "\(file == nil ? "frame \(number)" : "it") is \(layout.size) \(layout.format.rawValue), and those"
            let before = "before it \(feed.source.size) \(feed.source.format.rawValue)"
            throw unsupported("\(words) \(before)", file)
        }
        guard let (_, words) = PictureTags(picture).change(since: tags, in: PictureTags.ofStreams) else { return }
        throw unsupported("\(file == nil ? "frame \(number)" : "it") has \(words)", file)
    }

    private func unsupported(_ words: String, _ file: String?) -> JobError {
        .input(.unsupported(name: file ?? name, reason: "\(words), which \(plan.filters.words) does not take"))
    }
}
