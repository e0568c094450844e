internal import CFFmpeg
internal import VideoTypes

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The matrix of a track header (ISO/IEC 14496-12 8.3.2): how the picture is turned, mirrored and stretched.
struct DisplayMatrix {
    private let a, b, c, d: Int32

    /// The matrix of a stream; `nil` if it has none.
    init?(of stream: UnsafeMutablePointer<AVStream>) {
        var size = 0
        let matrix = unsafe cffmpeg_stream_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
        guard let matrix = unsafe matrix, size >= 36 else { return nil }
        // SAFETY: a display matrix has nine numbers of 32 bits.
        unsafe self.init(UnsafeRawBufferPointer(start: matrix, count: 36))
    }

    /// - Parameter bytes: Nine numbers of 32 bits.
    private init(_ bytes: UnsafeRawBufferPointer) {
        func number(_ index: Int) -> Int32 { unsafe bytes.loadUnaligned(fromByteOffset: index * 4, as: Int32.self) }
        (a, b, c, d) = (number(0), number(1), number(3), number(4))
    }

    /// The turn, to the nearest quarter, and whether it mirrors.
    var orientation: Orientation {
        // A mirror turns the sense of rotation: the determinant is negative.
        let flip = Int64(a) * Int64(d) - Int64(b) * Int64(c) < 0
        // Rotated clockwise, then mirrored left to right: mirroring negates the first column.
        let (x, y) = flip ? (-Int64(a), Int64(b)) : (Int64(a), Int64(b))
        let rotation: Orientation.Rotation =
            if x.magnitude >= y.magnitude { x < 0 ? .half : .none } else { y < 0 ? .left : .right }
        return Orientation(rotation: rotation, flip: flip)
    }

    /// Degrees clockwise of rotation in addition to ``orientation``, -45 to 45; `nil` for less than one.
    var restOfTurn: Int? {
        let flip = Int64(a) * Int64(d) - Int64(b) * Int64(c) < 0
        let turn = atan2(Double(b), flip ? -Double(a) : Double(a)) * 180 / .pi
        let rest = (turn - 90 * (turn / 90).rounded()).rounded()
        return rest == 0 ? nil : Int(rest)
    }

    /// By how much a row of samples is longer for the matrix than a column; `nil` for less than a hundredth.
    private var stretch: Double? {
        func length(_ x: Int32, _ y: Int32) -> Double { (Double(x) * Double(x) + Double(y) * Double(y)).squareRoot() }
        let (across, down) = (length(a, b), length(c, d))
        guard across > 0, down > 0, abs(across / down - 1) > 0.01 else { return nil }
        return across / down
    }

    /// The sample aspect ratio with the stretch of the matrix; `nil` without a stretch.
    ///
    /// - Parameters:
    ///   - shown: The stream's ratio. libavformat derives it only from the matrix if the container has no ratio.
    ///   - coded: The bitstream's.
    func stretched(_ shown: AVRational, _ coded: AVRational) -> PixelAspectRatio? {
        guard let stretch else { return nil }
        func isMatrix(_ ratio: Double) -> Bool { abs(av_q2d(shown) / ratio - 1) < 0.01 }
        let isOwn = shown.isRatio && !(av_cmp_q(shown, coded) != 0 && (isMatrix(stretch) || isMatrix(1 / stretch)))
        let base = isOwn ? shown : coded.isRatio ? coded : AVRational(num: 1, den: 1)
        let scaled = av_mul_q(base, av_d2q(stretch, 65535))
        var (width, height): (CInt, CInt) = (0, 0)
        unsafe av_reduce(&width, &height, Int64(scaled.num), Int64(scaled.den), 65535)
        return PixelAspectRatio(width: Int(width), height: Int(height))
    }
}

extension AVRational {
    fileprivate var isRatio: Bool { num > 0 && den > 0 }
}
