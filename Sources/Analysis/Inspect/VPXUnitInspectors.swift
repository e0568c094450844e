internal import Bitstream
internal import VideoTypes

/// Frames of VP8.
struct VP8UnitInspector: UnitInspector {
    private(set) var parameterSets = ParameterSetList()
    private(set) var profile: StreamProfile?

    mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitFacts {
        parameterSets.unit += 1
        let header = try VP8FrameHeader(parsing: unit)
        if let key = header.keyFrame {
            profile = StreamProfile(key, version: header.version)
            parameterSets.add(unit[3..<10]) { key.words(version: header.version, unit: $0) }
        }
        var facts = UnitFacts()
        facts.type = header.isKey ? .intra : .predicted
        facts.isKey = header.isKey
        facts.isShown = header.isShown
        facts.quantizers = [header.quantizerIndex]
        facts.isReference = header.refresh.last || header.refresh.golden || header.refresh.alternate
        facts.kind = header.isKey ? "key" : header.refresh.words
        facts.parts = [.init(name: header.isShown ? "frame" : "hidden frame", size: unit.count)]
        return facts
    }
}

extension VP8FrameHeader.Refresh {
    /// What the frame is kept as.
    fileprivate var words: String {
        let kept = [(last, "last"), (golden, "golden"), (alternate, "altref")].filter(\.0).map(\.1)
        return kept.isEmpty ? "not kept" : "kept as \(kept.joined(separator: ", "))"
    }
}

/// Frames and superframes of VP9.
struct VP9UnitInspector: UnitInspector {
    private(set) var parameterSets = ParameterSetList()
    private(set) var profile: StreamProfile?
    /// What is in each of the eight buffers.
    private var types = [InspectedUnit.PictureType](repeating: .none, count: 8)
    private var sizes = [PictureSize?](repeating: nil, count: 8)
    private var color: VP9FrameHeader.ColorConfig?

    mutating func read(_ unit: [UInt8]) throws(BitstreamError) -> UnitFacts {
        parameterSets.unit += 1
        var facts = UnitFacts()
        facts.isShown = false
        for frame in try VP9Superframe.split(unit) { try read(frame, &facts) }
        return facts
    }

    private mutating func read(_ frame: ArraySlice<UInt8>, _ facts: inout UnitFacts) throws(BitstreamError) {
        let header = try VP9FrameHeader(parsing: frame)
        if header.isKey { readKey(header) }
        let type: InspectedUnit.PictureType =
            header.existingFrame.map { types[$0] } ?? (header.isKey || header.isIntraOnly ? .intra : .predicted)
        let size = size(of: header)
        for buffer in types.indices where header.refreshFrameFlags >> UInt8(buffer) & 1 == 1 {
            (types[buffer], sizes[buffer]) = (type, size)
        }
        if facts.parts.isEmpty { facts.isKey = header.isKey }
        facts.isReference = facts.isReference || header.refreshFrameFlags != 0
        let isShown = header.isShown || header.existingFrame != nil
        if isShown { show(header, size) }
        if header.existingFrame == nil { facts.quantizers.append(header.quantizerIndex) }
        facts.parts.append(.init(name: isShown ? header.words : "hidden \(header.words)", size: frame.count))
        // What counts is the frame that is shown; a unit without one is what its last frame is.
        guard isShown || !facts.isShown else { return }
        (facts.type, facts.kind, facts.isShown) = (type, header.words, isShown)
    }

    /// The frame's size, which may be that of another one.
    private func size(of header: VP9FrameHeader) -> PictureSize? {
        if let buffer = header.existingFrame { return sizes[buffer] }
        return header.size ?? header.sizeReference.flatMap { sizes[header.referenceIndices[$0]] }
    }

    /// A frame may have another size than the key frame before it, and is predicted from scaled ones then.
    private mutating func show(_ header: VP9FrameHeader, _ size: PictureSize?) {
        guard let size, let color, size != profile?.shownSize else { return }
        profile = StreamProfile(header, color, size)
    }

    private mutating func readKey(_ header: VP9FrameHeader) {
        guard let color = header.color, let size = header.size else { return }
        self.color = color
        profile = StreamProfile(header, color, size)
        let words = { (unit: Int) in header.words(color, size, unit: unit) }
        let identity = "\(header.profile) \(color) \(size) \(String(describing: header.renderSize))"
        parameterSets.add(Array(identity.utf8)[...], words)
    }
}

extension VP9FrameHeader {
    /// What the frame is.
    fileprivate var words: String {
        if existingFrame != nil { return "shown existing" }
        return isKey ? "key" : isIntraOnly ? "intra-only" : "inter"
    }
}
