/// Finds pictures and beginnings of pictures that are missing in a stream of H.264, by the headers of its slices.
///
/// `frame_num` counts the pictures that others refer to (7.4.3), so that a gap shows where one of them is missing. A missing
/// picture that no other refers to leaves no gap. If a sequence allows gaps, as with temporal layers, missing pictures cannot
/// be found.
struct AVCContinuity: Sendable {
    /// What all slices of a picture share (7.4.1.2.4).
    private struct Picture: Equatable, Sendable {
        let frameNum: Int
        let isField: Bool
        let isBottomField: Bool
        let isReference: Bool
        let idrPicID: Int?
        let picOrderCntLsb: Int?

        init(_ header: SliceHeader) {
            (frameNum, isField, isBottomField) = (header.frameNum, header.isField, header.isBottomField)
            (isReference, idrPicID) = (header.refIdc != 0, header.idrPicID)
            picOrderCntLsb = header.picOrderCntLsb
        }

        /// The other field of the same frame.
        func isSecondField(of other: Picture) -> Bool {
            isField && other.isField && isBottomField != other.isBottomField && frameNum == other.frameNum
        }
    }

    /// `PrevRefFrameNum`; `nil` before the first picture, and where a header could not be read.
    private var previous: Int?
    /// The picture of the slice before.
    private var current: Picture?
    /// The first macroblock of the slice before.
    private var lastMacroblock = 0
    /// The picture of the slice before is the second field of its frame.
    private var isFrameComplete = false
    /// A slice of the unit has been read.
    private var isWithinUnit = false
    private let mayLackLeading: Bool
    /// The next picture may follow others that were dropped.
    private var mayJump = false

    /// - Parameter mayLackLeading: If the stream begins without an IDR picture, pictures that are shown before its first one
    ///   were dropped, because they refer to earlier ones.
    init(mayLackLeading: Bool = false) { self.mayLackLeading = mayLackLeading }

    /// The next access unit begins.
    mutating func beginUnit() { isWithinUnit = false }

    /// A slice's header could not be read: what follows cannot be held against it.
    mutating func lose() { (previous, current) = (nil, nil) }

    /// Takes the next slice; throws if something is missing before it.
    mutating func take(_ header: SliceHeader, _ sps: SequenceParameterSet, at offset: Int) throws(BitstreamError) {
        guard !header.isRedundant else { return }
        let picture = Picture(header)
        defer { (isWithinUnit, lastMacroblock) = (true, header.firstMacroblock) }
        if isWithinUnit, let current, current == picture {
            // 7.4.3: a slice that comes again, or is out of order, would be decoded over what is there.
            guard header.firstMacroblock > lastMacroblock || sps.mayReorderSlices else {
                let what = "a slice at macroblock \(header.firstMacroblock) after one at \(lastMacroblock)"
                throw BitstreamError(.invalid, what, at: .byte(offset), expected: "slices in increasing order")
            }
            return
        }
        try begin(picture, header, sps, at: offset)
    }

    private mutating func begin(
        _ picture: Picture,
        _ header: SliceHeader,
        _ sps: SequenceParameterSet,
        at offset: Int
    ) throws(BitstreamError) {
        let isSecondField = !isFrameComplete && current.map { picture.isSecondField(of: $0) } == true
        (current, isFrameComplete) = (picture, isSecondField)
        // Slices of Baseline may come in any order (arbitrary slice order, slice groups).
        guard header.firstMacroblock == 0 || sps.mayReorderSlices else {
            let what = "the picture begins at macroblock \(header.firstMacroblock)"
            throw BitstreamError(.invalid, what, at: .byte(offset), expected: "its first slice, at macroblock 0")
        }
        if !isSecondField { try checkNumber(header, sps, at: offset) }
        guard header.refIdc != 0 else { return }
        previous = header.resetsOrder ? 0 : header.frameNum
    }

    private mutating func checkNumber(
        _ header: SliceHeader,
        _ sps: SequenceParameterSet,
        at offset: Int
    ) throws(BitstreamError) {
        let modulus = 1 << sps.log2MaxFrameNum
        guard !header.isIDR, let last = previous else {
            mayJump = mayLackLeading && !header.isIDR
            previous = header.isIDR ? 0 : (header.frameNum + modulus - 1) % modulus
            return
        }
        let next = (last + 1) % modulus
        defer { mayJump = false }
        guard header.frameNum != last, header.frameNum != next else { return }
        guard sps.gapsInFrameNumAllowed || mayJump else {
            let what = "frame_num goes from \(last) to \(header.frameNum): reference pictures are missing"
            throw BitstreamError(.invalid, what, at: .byte(offset), expected: "\(last) or \(next)")
        }
        previous = (header.frameNum + modulus - 1) % modulus
    }
}

extension SequenceParameterSet {
    /// Baseline without `constraint_set1_flag`, and Extended.
    fileprivate var mayReorderSlices: Bool { profileIdc == 88 || (profileIdc == 66 && constraints & 0x40 == 0) }
}
