internal import Ingest
internal import LibAV
internal import PixelConversion
internal import VideoTypes

/// Converts a decoder's YUV to RGB by our kernels, from where it is into the frame.
final class UnpackingConverter: DecodedPictureConverter {
    private let converter: RGBConverter
    private let chroma: NeutralChroma?
    let colorSpace: VideoColorSpace

    var target: PictureLayout { converter.target }

    init(_ converter: RGBConverter, neutral chroma: NeutralChroma?, colorSpace: VideoColorSpace) {
        (self.converter, self.chroma, self.colorSpace) = (converter, chroma, colorSpace)
    }

    func convert(_ planes: borrowing DecodedPlanes, into target: inout MutableRawSpan) {
        let rows = 0..<self.target.size.height
        // SAFETY: the planes stay where they are for the time of the call.
        unsafe planes.withPlanes { planes in
            let lent = unsafe planes.map { unsafe SourcePlane(bytes: $0.bytes, stride: $0.stride) }
            guard let chroma else { return unsafe converter.convert(lent, rows: rows, into: &target) }
            unsafe chroma.withPlane { neutral in
                unsafe converter.convert(lent + [neutral, neutral], rows: rows, into: &target)
            }
        }
    }
}

/// Converts a decoder's pictures with a converter for pictures in one piece, after copying them.
final class CopyingConverter: DecodedPictureConverter {
    private let conversion: PictureConversion
    private var copied: PlaneBuffer
    let target: PictureLayout
    let colorSpace: VideoColorSpace

    /// - Parameters:
    ///   - source: What is converted: the decoder's layout, or that with ``NeutralChroma`` after it.
    ///   - target: What it becomes.
    ///   - conversion: Converts one into the other.
    ///   - colorSpace: The color of the result.
    init(
        _ source: PictureLayout,
        to target: PictureLayout,
        by conversion: PictureConversion,
        colorSpace: VideoColorSpace
    ) {
        (self.target, self.conversion, self.colorSpace) = (target, conversion, colorSpace)
        copied = PlaneBuffer(byteCount: source.byteCount)
        // What the decoder does not write is the chroma of gray.
        copied.withMutableBytes { bytes in
            unsafe bytes.withUnsafeMutableBytes { bytes in
                _ = unsafe bytes.initializeMemory(as: UInt8.self, repeating: NeutralChroma.value)
            }
        }
    }

    func convert(_ planes: borrowing DecodedPlanes, into target: inout MutableRawSpan) {
        copied.withMutableBytes { planes.copy(into: &$0) }
        copied.withBytes { source in
            switch conversion {
            case .none: Self.copy(source, into: &target)
            case .strips(let converter): converter.convert(picture: source, into: &target)
            case .whole(let converter): converter.convert(source, into: &target)
            }
        }
    }
}

extension CopyingConverter {
    private static func copy(_ source: RawSpan, into target: inout MutableRawSpan) {
        unsafe source.withUnsafeBytes { source in
            unsafe target.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
        }
    }
}

/// The chroma of gray pictures whose range is limited: our gray has the full one, so that they are converted as 4:2:0.
final class NeutralChroma {
    static let value: UInt8 = 128
    private let samples: PlaneBuffer
    private let stride: Int

    init(for size: PictureSize) {
        stride = ChromaSubsampling.yuv420.chromaWidth(ofLuma: size.width)
        let rows = ChromaSubsampling.yuv420.chromaHeight(ofLuma: size.height)
        samples = PlaneBuffer(copying: [UInt8](repeating: Self.value, count: stride * rows))
    }

    @unsafe
    func withPlane(_ body: (SourcePlane) -> Void) {
        samples.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe body(SourcePlane(bytes: $0, stride: stride)) }
        }
    }
}
