"""What a person should know about a scene: one text per code, in Chinese and English."""

from __future__ import annotations

from imagery.scene import Level, Remark

_TEXTS: dict[str, tuple[Level, str, str]] = {
    "misnamed": ("note", "文件内容是 {format}, 与扩展名不符",
        "the content is {format}, whatever the name says"),
    "pages": ("note", "文件有 {pages} 页, 只用第一页",
        "the file has {pages} pages; the first is used"),
    "unplaced": ("warning", "没有坐标: 仅作图片保存, 不能量测",
        "nothing places it on the ground: kept as a picture, never measured"),
    "phone_photo": ("note", "手机照片: 只记录拍摄点、时间和朝向, 不能量测",
        "a photo of a phone: the place, time and direction it was taken from, never measured"),
    "rpc_only": ("warning", "只有 RPC 参数, 未正射校正: 请先用高程数据做正射校正",
        "it holds RPCs only and is not rectified: orthorectify it with a height model first"),
    "gcps": ("warning", "由 {count} 个控制点拟合定位, 残差 {residual:.1f} 米",
        "placed by a fit through {count} control points, residual {residual:.1f} m"),
    "crs_stated": ("note", "坐标系由提交人说明: {name}",
        "the coordinate system is as stated by the person: {name}"),
    "world_file_ignored": ("note", "文件自带坐标, 未用旁边的坐标文件",
        "the file is georeferenced itself; the world file beside it was not used"),
    "world_file_camera": ("note", "按坐标文件定位, 未用相机位置",
        "placed by its world file, not by the camera's position"),
    "accuracy_assumed": ("note", "定位误差按{what_zh}假定为 {u_m:.1f} 米",
        "the placement error of {u_m:.1f} m is assumed for {what}"),
    "datum_shift": ("note", "坐标系 {name} 换算到 WGS 84 的误差约 {u_m:.1f} 米, 已计入",
        "converting {name} to WGS 84 adds about {u_m:.1f} m, included"),
    "time_missing": ("warning", "没有拍摄时间: 请填写",
        "nothing tells when it was taken: please state it"),
    "time_of_file": ("warning", "时间取自 TIFF 标签, 可能是成图时间而非拍摄时间",
        "the time is a TIFF tag, perhaps of the processing and not of the exposure"),
    "time_nonsense": ("warning", "时间 {text!r} 不合理, 未采用",
        "the time {text!r} is nonsense and was not used"),
    "time_differs": ("warning", "文件中的时间({own})与说明的时间({stated})不同, 采用文件的",
        "the file's time ({own}) differs from the stated one ({stated}); the file's is used"),
    "web_map_tiles": ("warning",
        "来源不明的瓦片在中国可能有 GCJ-02 偏移(100-700 米), 文件无法判断: 请与可信影像配准核对",
        "tiles of unknown source may be shifted by GCJ-02 in China (100-700 m): align and see"),
    "in_plane_of_tiles": ("note", "像元为墨卡托投影米, 大于地面米; 地面分辨率已按大地线计算",
        "pixels are Mercator metres, longer than the ground's; the ground size given is geodesic"),
    "mirror_hemisphere": ("warning", "位于南半球; 若纬度取正则在中国: 请核对半球",
        "it lies in the south; with a positive latitude it would lie in China: check the sign"),
    "no_valid_pixel": ("warning", "没有一个有效像元", "it holds no valid pixel"),
    "outline_of_grid": ("note", "范围为整幅图框(未逐像元查看有效区)",
        "the outline is that of the whole grid (its valid pixels were not looked at)"),
    "palette": ("note", "调色板图像: 数值是颜色编号", "a palette picture: values are colour numbers"),
    "heights": ("note", "单波段浮点: 可能是高程而非影像",
        "one band of decimals: perhaps heights, not a picture"),
    "tile_levels": ("note", "含多级瓦片, 只用第 {zoom} 级",
        "it holds several zoom levels; level {zoom} is used"),
    "tiles_missing": ("note", "瓦片不完整: 应有 {of} 块, 实有 {there} 块, 空缺处透明",
        "tiles are missing: {there} of {of} are there, the gaps are transparent"),
    "tiles_left_out": ("warning", "{count} 块瓦片损坏或大小不同, 未采用: {names}",
        "tiles left out, damaged or of another size ({count}): {names}"),
    "tile_scheme_assumed": ("note", "按 XYZ(行号自北向南)解释瓦片; 若为 TMS 请说明",
        "read as XYZ tiles (rows count from the north); state it if they are TMS"),
    "members_refused": ("warning", "压缩包或文件夹中 {count} 个文件未采用: {names}",
        "refused files of the archive or folder ({count}): {names}"),
    "members_ignored": ("note", "{count} 个非影像文件未读: {names}",
        "files that are no pictures, not read ({count}): {names}"),
    "scale_unknown": ("note", "未说明反射率系数(处理基线未知)",
        "how values become reflectance is not said (unknown processing baseline)"),
}  # fmt: skip


def remark(code: str, **values: object) -> Remark:
    """The remark of a code, its texts filled with `values`."""
    level, zh, en = _TEXTS[code]
    return Remark(code, zh.format(**values), en.format(**values), level)


def listed(names: list[str], most: int = 5) -> str:
    """The first names, and how many more there are."""
    more = f" … +{len(names) - most}" if len(names) > most else ""
    return ", ".join(names[:most]) + more
