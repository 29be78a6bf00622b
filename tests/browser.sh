#!/bin/sh
# Chromium and Chinese fonts for the browser tests: installed by apt when root, else said.
set -u
command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "正在安装浏览器测试所需的 Chromium 和中文字体…"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null && exit 0
fi
echo "浏览器测试需要 Chromium 和中文字体。请以管理员身份运行：apt-get install chromium fonts-noto-cjk fontconfig" >&2
exit 1
