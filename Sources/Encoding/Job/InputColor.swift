public import VideoTypes

/// What color the input has, where the job tells it rather than the input. `nil` everywhere, the default, takes the input's tags.
public struct InputColor: Hashable, Sendable {
    /// The primaries.
    public var inputPrimaries: ColorPrimaries?
    /// The transfer characteristics; linear is light itself, of which 1 is ``referenceWhite``.
    public var inputTransfer: TransferCharacteristics?
    /// The matrix of YUV.
    public var inputMatrix: MatrixCoefficients?
    /// Whether YUV has full range.
    public var inputFullRange: Bool?
    /// The brightness of white that is not HDR, in cd/m², as HDR stores it: 1 to 10,000. `nil`, the default, is
    /// 203 (BT.2408).
    public var referenceWhite: Double?

    /// Nothing is told.
    public init() {}

    /// Nothing is told of the input.
    var isEmpty: Bool {
        inputPrimaries == nil && inputTransfer == nil && inputMatrix == nil && inputFullRange == nil
    }

    /// What is told, by its settings.
    var words: String {
        let told: [(Bool, Setting)] = [
            (inputPrimaries != nil, .inputPrimaries), (inputTransfer != nil, .inputTransfer),
            (inputMatrix != nil, .inputMatrix), (inputFullRange != nil, .inputRange),
        ]
        return told.filter(\.0).map { "\($0.1)" }.joined(separator: ", ")
    }

    /// A color with what is told instead of its tags.
    func applied(to color: VideoColorSpace) -> VideoColorSpace {
        VideoColorSpace(
            primaries: inputPrimaries ?? color.primaries,
            transfer: inputTransfer ?? color.transfer,
            matrix: inputMatrix ?? color.matrix,
            fullRange: inputFullRange ?? color.fullRange
        )
    }
}
