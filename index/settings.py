"""Settings of one LuMing home, from the environment (prefix ``LUMING_``) or a ``.env`` file."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _default_home() -> Path:
    return user_data_path("luming", appauthor=False)


class Settings(BaseSettings):
    """Everything that an operator may set. Paths that are not absolute are taken from the cwd."""

    model_config = SettingsConfigDict(
        env_prefix="LUMING_", env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    home: Path = Field(default_factory=_default_home, description="数据目录")
    encoder: str = Field(default="default", description="向量模型：default、本地目录或模型名")
    allow_hub: bool = Field(default=False, description="允许从模型站下载（默认不联网）")
    rerank: str = Field(
        default="default",
        description="重排方式：default、none、late-interaction、cross-encoder:模型目录、"
        "llama-index:包.模块:类名",
    )
    rerank_candidates: int | None = Field(
        default=None, ge=1, le=200, description="重排前几段，默认由重排方式定"
    )
    rerank_ms: int = Field(default=150, ge=0, description="重排一次的时间预算（毫秒），0 表示不限")
    database_url: str | None = Field(
        default=None, description="目录库地址，默认是数据目录下的 SQLite"
    )
    chroma_url: str | None = Field(default=None, description="Chroma 服务地址，默认内嵌")
    host: str = Field(default="127.0.0.1", description="网页监听地址")
    port: int = Field(default=7860, ge=0, le=65535, description="网页监听端口")
    max_file_mb: int = Field(default=200, ge=1, description="单个文件的上限（MB）")
    workers: int | None = Field(
        default=None,
        ge=0,
        le=64,
        description="读取文件的进程数，默认按处理器数；0 表示不用单独进程（也就没有下面两项保护）",
    )
    read_seconds: int = Field(
        default=120, ge=1, description="读取一个文件最多几秒；每 MB 另加 20 秒，最多一小时"
    )
    read_mb: int = Field(default=1536, ge=64, description="读取一个文件最多用多少内存（MB）")
    ocr_pages: int = Field(
        default=2000,
        ge=0,
        le=5000,
        description="一个文件最多识别多少页扫描件（需要 luming[ocr]），0 表示不识别",
    )
    password_file: Path | None = Field(
        default=None, description="密码文件：每行一个密码，或“文件名模式<制表符>密码”"
    )
    readers: dict[str, str] = Field(
        default_factory=dict,
        description='自备的 LlamaIndex 读取程序，例如 {".xyz": "包.模块:类名"}',
    )
    fusion: str = Field(default="learned", description="排序方法：learned 或 rrf")
    encode_batch: int = Field(default=64, ge=1, description="一次向量化的段落数")
    log_questions: bool = Field(default=True, description="记下提问与回答，供查漏补缺和重放")
    log_days: int = Field(
        default=365, ge=1, le=36500, description="提问记录保留几天，过期的自动删除"
    )
    public_url: str | None = Field(
        default=None, description="用户在浏览器里打开的地址，例如 https://luming.example.gov.cn"
    )
    allowed_hosts: list[str] = Field(
        default_factory=list,
        description='允许的主机名，例如 ["luming.example.gov.cn"]；本机总是允许',
    )
    proxies: list[str] = Field(
        default_factory=list,
        description="反向代理的地址或网段；只有它们转告的来访地址和 https 才算数",
    )
    session_idle_minutes: int = Field(
        default=120, ge=1, le=10080, description="多少分钟不用就要重新登录"
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="登录后最长多少小时")
    audit_days: int = Field(default=1095, ge=1, le=36500, description="审计记录保留几天")
    sso_header: str | None = Field(
        default=None, description="单点登录网关放用户名的请求头，例如 X-Remote-User"
    )
    sso_proxies: list[str] = Field(
        default_factory=list, description="单点登录网关的地址或网段；别处来的这个请求头一律不认"
    )
    sso_new_users: bool = Field(
        default=False, description="统一认证来的新用户自动建户（读者，看不到任何文库）"
    )
    oidc_issuer: str | None = Field(default=None, description="OpenID Connect 服务的地址")
    oidc_client_id: str | None = Field(default=None, description="在该服务登记的客户端编号")
    oidc_client_secret: SecretStr | None = Field(default=None, description="客户端密钥")
    oidc_name_claim: str = Field(default="preferred_username", description="哪一项是用户名")
    oidc_groups_claim: str = Field(default="groups", description="哪一项是用户组")
    oidc_roles: dict[str, str] = Field(
        default_factory=dict, description='用户组对应的角色，例如 {"lib-admin": "管理"}'
    )
    oidc_collections: dict[str, list[str]] = Field(
        default_factory=dict, description='用户组对应的文库，例如 {"dept-a": ["甲处"]}'
    )
    llm_base_url: str | None = Field(
        default=None, description="OpenAI 兼容接口地址，不设则不用大模型"
    )
    llm_api_key: SecretStr | None = Field(default=None, description="大模型接口密钥")
    llm_model: str | None = Field(default=None, description="大模型名称")
    llm_timeout_s: float = Field(
        default=90.0, gt=0, le=3600, description="大模型一次回答最多等多少秒（含改写）"
    )
    llm_first_token_s: float = Field(
        default=30.0, gt=0, le=3600, description="大模型多少秒不出字就不再等"
    )
    max_asks: int = Field(default=8, ge=1, le=256, description="网页接口同时回答几个问题，其余排队")
    upload_mb: int = Field(default=512, ge=1, description="一次上传的上限（MB）")
    upload_files: int = Field(default=200, ge=1, le=5000, description="一次最多上传几个文件")
    upload_day_mb: int = Field(default=4096, ge=1, description="每人一天内上传的上限（MB）")
    llm_passages: int = Field(default=8, ge=1, le=30, description="给大模型看几段材料")
    handout_templates: Path | None = Field(
        default=None, description="讲义模板文件夹（docx、pptx），不设则用内置模板"
    )

    @property
    def catalog_url(self) -> str:
        """SQLAlchemy URL of the catalog."""
        return self.database_url or f"sqlite:///{(self.home / 'catalog.db').as_posix()}"

    @property
    def vectors_dir(self) -> Path:
        """Folder of the embedded Chroma."""
        return self.home / "vectors"

    @property
    def lexical_dir(self) -> Path:
        """Folder of the tantivy index."""
        return self.home / "lexical"

    @property
    def models_dir(self) -> Path:
        """Folder of built or copied models."""
        return self.home / "models"

    @property
    def originals_dir(self) -> Path:
        """Copies of files whose pages are shown as pictures (PDF), named by content hash."""
        return self.home / "originals"
