package import EncoderCore
package import Filters
package import Jobs
internal import LibAV
package import Media
internal import VideoTypes

/// Finds the part of the pictures within black borders.
package struct CropDetection {
    /// Frames that are looked at, from the first that is encoded.
    static let frames = 240

    private let pictures: any TimedPictures
    private let source: FilterSource

    /// - Parameters:
    ///   - pictures: The pictures, from the first that counts.
    ///   - source: What is known of them.
    package init(_ pictures: any TimedPictures, _ source: FilterSource) {
        (self.pictures, self.source) = (pictures, source)
    }

    /// The part that none of the first frames leaves black.
    ///
    /// - Parameter first: The first picture.
    /// - Throws: ``JobError/usage(_:)`` if all of it is black.
    package func area(_ first: consuming DecodedFrame) throws(JobError) -> (area: PictureArea, frames: Int) {
        let filters = PictureFilters()
        let layout = first.frame.layout
        let feed = try asJobError { () throws(EncoderConfigError) in
            try FilterFeed(layout, source.color, source.chromaLocation ?? .left)
        }
        let text = "cropdetect=limit=24/255:round=2:skip=0:reset=0"
        var found: PictureArea?
        var number = 0
        var next: DecodedFrame? = consume first
        do throws(FilterError) {
            var graph = try FilterGraph(text, input: source.input(feed.target), threads: nil)
            while number < Self.frames, let picture = next.take() {
                guard picture.frame.layout == layout else { break }
                try feed.send(picture, at: Int64(number), to: &graph)
                while let out = try graph.receive() { found = out.cropArea ?? found }
                number += 1
                do throws(JobError) { next = try pictures.next() } catch { break }
            }
            try graph.finish(at: Int64(number))
            while let out = try graph.receive() { found = out.cropArea ?? found }
        } catch {
            throw JobError(error, text, filters, picture: number)
        }
        guard let found else {
            throw .usage(
                "\(Setting.crop) auto found nothing but black in the first \(number) frames: use \(Setting.crop) WxH+X+Y"
            )
        }
        return (found, number)
    }
}

extension FilteredPicture {
    /// What cropdetect found so far, within the picture; `nil` if everything was black.
    fileprivate var cropArea: PictureArea? {
        guard let x = crop["x"], let y = crop["y"], let width = crop["w"], let height = crop["h"], x >= 0, y >= 0 else {
            return nil
        }
        let size = PictureSize(width: width, height: height)
        return size.isValid ? PictureArea(size, PictureArea.Corner(x: x, y: y)) : nil
    }
}
