internal import CFFmpeg

/// libavfilter, loaded when it is first needed.
enum FilterLibrary {
    /// Its functions; `nil` if it cannot be loaded.
    static let functions: cffmpeg_filters? = {
        var functions = cffmpeg_filters()
        return unsafe cffmpeg_load_filters(&functions) ? functions : nil
    }()

    /// The file that is loaded.
    static var name: String { unsafe String(cString: cffmpeg_filter_library) }
}
