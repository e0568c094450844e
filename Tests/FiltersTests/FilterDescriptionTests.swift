import Testing

@testable import Filters

@Suite("A filter graph's text")
struct FilterDescriptionTests {
    @Test(
        "A graph is read as libavfilter reads it: quotes, escapes, labels, names of instances, and flags of the scaler",
        arguments: [
            ("hflip", [String]()),
            (" sws_flags=bicubic; [in] scale = 64:48 , hflip [out] ", []),
            ("split[a][b];[b]vflip[c];[a][c]hstack", []),
            ("elbg=seed=3,shufflepixels=s=0,random=seed=9,tpad=stop=2", []),
            ("sws_flags=flags=lanczos+accurate_rnd:param0=1.5;null", []),
            ("lut3d=a.cube", ["a.cube"]),
            ("lut3d=interp=nearest:file=dir/a.cube", ["dir/a.cube"]),
            ("lut3d='a,b;[c].cube'", ["a,b;[c].cube"]),
            (#"lut3d=a\\:b.cube"#, ["a:b.cube"]),
            (#"lut3d='a\:b.cube'"#, ["a:b.cube"]),
            ("lut3d@one=a.cube,lut1d=b.csp", ["a.cube", "b.csp"]),
            ("subtitles=f=a.srt:fontsdir=fonts", ["a.srt", "fonts"]),
            ("drawtext=text=x:fontfile=/usr/share/a.ttf:textfile=b.txt", ["/usr/share/a.ttf", "b.txt"]),
            ("curves=psfile=a.acv", ["a.acv"]),
            ("select='not(mod(n,3))'", []),
        ]
    )
    func reading(text: String, files: [String]) throws {
        #expect(try FilterDescription(text).files == files)
    }

    @Test(
        "A graph is refused that opens, writes or waits for more than the files that its options name",
        arguments: [
            ("movie=a.mp4", "opens an input"), ("hflip,amovie=a.mp3", "opens an input"),
            ("buffer", "opens an input"), ("sendcmd=f=a", "takes commands"), ("zmq", "takes commands"),
            ("metadata=print:file=a", "the option file of metadata"), ("curves=plot=a", "the option plot"),
            ("deshake=filename=a", "the option filename"), ("frei0r=a", "loads programs"),
            ("color=red", "without an input"),
            ("reverse", "keeps any number"), ("loop=-1", "keeps any number"), ("scale_vaapi=64:48", "needs a device"),
            ("hwupload", "needs a device"), ("dnn_processing=model=a", "loads a model"),
            ("vidstabdetect", "writes files"),
            ("hfilp", "did you mean hflip"), ("drawtext=/text=a.txt", "reads a file as an option's value"),
            ("", "has no filter"), ("  ", "has no filter"), ("hflip,,vflip", "no filter where one is expected"),
            (#"sws_flags=bicubic\;[in]frei0r=x[x];[x]null"#, "sws_flags="), ("sws_flags=';';null", "sws_flags="),
            ("metadata=print:a:b:same_str:1:a.txt", "without a name"), ("drawtext=a.ttf:text:b.txt", "without a name"),
            ("deshake=-1:-1:-1:-1:16:16:mirror:8:125:exhaustive:a", "without a name"),
            ("tpad=stop=-1", "never ends"), ("tpad=0:-1", "never ends"), ("greyedge", "other pictures in every run"),
            ("elbg=codebook_length=16", "elbg=seed=1"), ("elbg=seed=-1", "elbg=seed=1"), ("random", "random=seed=1"),
            ("shufflepixels=s=x", "shufflepixels=seed=1"),
            ("[a", "closing bracket"), ("hflip[a]b", "cannot be read"),
        ]
    )
    func refusals(text: String, reason: String) {
        let refusal = #expect(throws: FilterRefusal.self) { try FilterDescription(text) }
        #expect(refusal?.description.contains(reason) == true, "\(text): \(refusal?.description ?? "")")
    }

    @Test(
        "A graph that looks at more than one picture is known as such",
        arguments: [
            ("hflip,crop=4:4", nil), ("split[a][b];[a][b]blend", nil), ("hflip,fps=50", "fps"), ("tmix", "tmix"),
            ("yadif", "yadif"), ("hqdn3d", "hqdn3d"), ("noise=alls=9:allf=t", "noise"), ("lut3d=a.cube", nil),
            ("metadata=print", "metadata"),
        ]
    )
    func across(text: String, filter: String?) throws {
        let graph = try FilterDescription(text)
        #expect(graph.filterAcrossPictures == filter)
        #expect(graph.isForEachPicture == (filter == nil))
    }

    @Test("The last matrix that a scaler is told is known, because libavfilter does not tag it")
    func matrix() throws {
        #expect(try FilterDescription("scale=out_color_matrix=bt709,hflip").scalersMatrix == "bt709")
        #expect(try FilterDescription("scale=64:48").scalersMatrix == nil)
    }

    @Test(
        "A graph is known to change primaries or transfer if one of its filters is told to",
        arguments: [
            ("zscale=t=linear:npl=203,tonemap=hable,zscale=t=bt709", true), ("zscale=64:48", false), ("hflip", false),
            ("colorspace=bt709", true), ("setparams=color_trc=bt709", true), ("setparams=range=full", false),
        ]
    )
    func colors(text: String, changes: Bool) throws {
        #expect(try FilterDescription(text).changesColor == changes)
    }

    @Test(
        "A graph is known to state a matrix if one of its filters is told one",
        arguments: [
            ("setparams=colorspace=bt709", true), ("scale=out_color_matrix=bt709", true),
            ("colormatrix=bt601:bt709", true),
            ("zscale=m=709", true), ("scale=64:48", false), ("curves=none", false), ("setparams=range=full", false),
        ]
    )
    func matrixStated(text: String, states: Bool) throws {
        #expect(try FilterDescription(text).statesMatrix == states)
    }

    @Test("A graph longer than 64 KiB, or with a NUL, is refused")
    func length() {
        #expect(throws: FilterRefusal.self) {
            try FilterDescription(String(repeating: "hflip,", count: 20000) + "hflip")
        }
        #expect(throws: FilterRefusal.self) { try FilterDescription("hflip\0,vflip") }
    }
}
