"""The phrases by which abstracts show what a sentence is for, and what kind of work they describe."""

from __future__ import annotations

import re

from agent.records import PaperKind

_WORK = r"(?:we|this (?:paper|work|article|study|survey|review|report|thesis|research)|our (?:paper|work|study|approach|method))"
_MAKE = (
    r"(?:propos|introduc|present|develop|design|devis|describ|build|built|creat|construct|releas|formulat|offer"
    r"|put forward|devot|provid|contribut|pioneer|review|survey)\w*"
)
_STUDY = (
    r"(?:stud(?:y|ies|ied)|investigat|explor|examin|analy[sz]|evaluat|compar|survey|review|assess|address|ask|show"
    r"|demonstrat|report|conduct|perform|revisit|argue|focus|aim|characteri[sz]|benchmark|measur|test|employ|establish"
    r"|adopt|implement|extend|train|optimi[sz]|leverag|identif|discover|combin|fine-?tun|summari[sz]|seek|enabl)\w*"
)

MAKES = re.compile(
    rf"\b{_WORK}\b(?:\W+\w+){{0,3}}?\W+{_MAKE}|\b(?:to|by) (?:introduc|propos|present)\w+\b"
    r"|\b(?:is|are|was|were) (?:proposed|introduced|presented|developed)\b",
    re.I,
)
# "would develop", "has been proposed", "have identified": what others do, or what was before this work.
NOT_THIS_WORK = re.compile(
    r"\b(?:would|could|ha(?:s|ve) (?:been )?(?:recently )?(?:been )?(?:proposed|introduced|identified|shown))\b",
    re.I,
)
REVIEWS = re.compile(
    r"\bin this (?:survey|review|overview)\b|\b(?:we|this (?:survey|review|paper|article)) (?:\w+ )?(?:review|survey)s?\b",
    re.I,
)
STUDIES = re.compile(rf"\b{_WORK}\b(?:\W+\w+){{0,3}}?\W+{_STUDY}", re.I)
IN_THIS_WORK = re.compile(
    r"\bin (?:this|the present) (?:paper|work|article|study|survey|review|report)\b|\bour (?:main |key )?contribution",
    re.I,
)
CALLED = re.compile(
    r"\b(?:called|named|dubbed|termed|we (?:introduce|present|propose|develop))\s+(?:the\s+|an?\s+)?([A-Z][\w+*-]*)"
)
OURS = re.compile(r"\b(?:we|our|this (?:paper|work|article|study|survey))\b", re.I)
# What goes on with something that was said before: seldom the sentence that says what a paper is about.
GOES_ON = re.compile(
    r"(?:first|firstly|second|secondly|third|thirdly|fourth|then|next|moreover|furthermore|additionally|in addition"
    r"|specifically|finally|lastly|besides|also|similarly|in particular|for example|for instance|concretely|meanwhile"
    r"|beyond|to facilitate|to further|to this end, we also|on top|for the (?:former|latter)|theoretically|as a proof"
    r"|to do (?:this|so)|building on|using these|to encourage|to evaluate|to validate|to demonstrate)\b|\(?(?:[ivx]{1,4}|\d{1,2})\)|.{0,60}\bwe (?:also|further|additionally)\b",
    re.I,
)
# Sentences that cannot be read without the one before.
LEANS_BACK = re.compile(
    r"(?:\(?(?:[ivx]{1,4}|\d{1,2}|[a-d])\)|[-–•]|this is|these|those|such|it|they|we do so|by doing so|doing so|the former|the latter|here)(?!\w)",
    re.I,
)
FINDS = re.compile(
    r"\b(?:we|our (?:\w+\s){0,2}(?:findings?|results?|analys[ei]s|experiments?|evaluations?|study)|(?:the|these|extensive|empirical"
    r"|experimental)?\s?(?:experiments?|results?|evaluations?|findings))\b(?:\W+\w+){0,5}?\W+"
    r"(?:shows?|showed|find|found|demonstrat\w+|discover\w*|observ\w+|reveal\w*|indicat\w+|suggest\w*|confirm\w*|prove)\b",
    re.I,
)
REPORTS = re.compile(
    r"\b(?:experiment\w*|results?|evaluations?|empirical\w*|compared (?:to|with)|outperform\w*|surpass\w*|state-of-the-art"
    r"|exceeds?|comparable|on par|superior|significantly|consistently|conclu\w+|statistically)\b",
    re.I,
)
GAINS = re.compile(
    r"\b(?:achiev\w*|improv\w*|reduc\w*|speed-?ups?|faster|gains?|yields?|attains?|enabl\w+|maintain\w*|accelerat\w+"
    r"|higher|lower|better|fewer)\b",
    re.I,
)
PROMISES = re.compile(
    r"\b(?:we hope|potential(?:ly)?|pav(?:e|es|ing) the way|future|underscor\w+|highlight\w*|insights?|promising|valuable|opens? up"
    r"|will be|our knowledge|practical (?:implications|guidance)|shed\w* light|step towards?|contribut\w+ to|can be applied"
    r"|great potential|serv\w+ as|broader|spur|inspire|our (?:framework|method|approach) offers)\b",
    re.I,
)
ANNOUNCES = re.compile(
    r"\bwe (?:\w+ )?(?:conduct|perform|carry out|evaluate|test|apply|validate|verify|experiment with|benchmark|provide|present"
    r"|propose|introduce|formulate|train|develop|design|use|employ|adopt|discuss|analy[sz]e|study|investigate|examine|explore|extend|consider)\b"
    r"|^(?:extensive|comprehensive) experiments (?:are|were|have been) (?:conducted|performed)|\b(?:is|are) (?:achieved|based|built|designed)\s(?:using|by|through|on|upon|for|to)\b|^(?:specifically|during|in particular)\b",
    re.I,
)
PROBLEM = re.compile(
    r"\b(?:however|yet|challeng\w*|bottleneck\w*|limit(?:s|ed|ing|ation\w*)|problem\w*|difficult\w*|costly|expensive"
    r"|prohibitiv\w*|suffer\w*|hinder\w*|lack\w*|remain\w*|unclear|poorly|inefficien\w*|despite|unfortunately"
    r"|obstacle\w*|insufficient|overlook\w*|fail\w*|intractab\w*|infeasib\w*|hard to|burden\w*)\b",
    re.I,
)
NOT_A_RESULT = re.compile(
    r"\b(?:codes?|models?|data(?:sets?)?|implementations?|demo|weights|source|project page|website|software)\b[^.]{0,60}?"
    r"\b(?:available|released?|open-?sourced?|found|hosted|accessible|public(?:ly)?)\b|https?://|\bgithub\b",
    re.I,
)

STUDY_TITLE = re.compile(
    r"\b(?:empirical|(?:case |exploratory |comparative )?study|replication|investigati\w+|characteri[sz]\w+|evaluation of)\b",
    re.I,
)
# In the order in which they are asked; the first that fits the title, then the approach, is the main kind.
KINDS: tuple[tuple[PaperKind, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "survey",
        re.compile(r"\b(?:survey|systematic review|literature review|a review|overview|tutorial)\b", re.I),
        re.compile(r"\bthis (?:survey|review|overview)\b|\bwe (?:survey|review)\b|\b(?:comprehensive|systematic) (?:literature )?(?:survey|review|overview)\b", re.I),
    ),
    (
        "benchmark",
        re.compile(r"\b(?:benchmark\w*|bench|leaderboard)\b|bench\b", re.I),
        re.compile(r"\b(?:introduc|present|propos|creat|releas|develop|construct)\w*\b[^.]{0,60}\bbenchmarks?\b", re.I),
    ),
    (
        "dataset",
        re.compile(r"\b(?:data ?sets?|corpus|corpora)\b", re.I),
        re.compile(r"\b(?:introduc|present|releas|construct|collect|build|contribut|propos)\w*\b[^.]{0,60}\b(?:data ?set|corpus)\b", re.I),
    ),
    (
        "position",
        re.compile(r"^position\b|\bperspective\b", re.I),
        re.compile(r"\bthis (?:position|perspective) (?:paper|article)\b", re.I),
    ),
    (
        "empirical study",
        re.compile(
            r"\b(?:empirical|investigat\w+|stud(?:y|ies)|evaluat\w+|analysis|assess\w+|comparison|trial|cohort|lessons)\b"
            r"|^(?:how|what|when|why|do|does|is|are|can)\b.*\?",
            re.I,
        ),
        re.compile(
            r"\b(?:we|this (?:study|paper|work|article))\b(?:\W+\w+){0,2}?\W+(?:stud(?:y|ies|ied)|investigat\w+|examin\w+"
            r"|evaluat\w+|analy[sz]e\w*|assess\w*|compar(?:e|es|ed)|conduct\w*|enrol\w*|explor\w+|characteri[sz]\w+)\b"
            r"|\b(?:comprehensive|extensive|systematic|empirical|in-depth|large-scale|controlled|thorough)\s(?:\w+\s){0,2}?"
            r"(?:study|evaluation|analysis|investigation|characteri[sz]ation|comparison)\b",
            re.I,
        ),
    ),
    (
        "theory",
        re.compile(r"\b(?:theor(?:y|em|etic|etical)|bounds?|complexity|convergence of|provabl[ey]|(?:computational |performance )?limits of)\b", re.I),
        re.compile(r"\bwe (?:prove|derive|establish)\b|\b(?:lower|upper) bounds?\b", re.I),
    ),
    (
        "system",
        re.compile(r"\b(?:system|engine|platform|library|toolkit|compiler|infrastructure|software|simulator|package)\b", re.I),
        re.compile(
            r"\b(?:introduc|present|propos|develop|build|design|describ|releas)\w*\s+(?:[\w-]+[\s,]+){0,5}?"
            r"(?:system|engine|platform|library|toolkit|compiler|infrastructure|software|simulator|package)\b",
            re.I,
        ),
    ),
    (
        "method",
        re.compile(r"(?!)"),
        re.compile(rf"{MAKES.pattern}|\b(?:method|approach|algorithm|framework|technique|scheme|strategy|architecture)\b", re.I),
    ),
)  # fmt: skip

# What figures measure. The first group that stands beside a figure names it; any science is meant.
METRICS = (
    "accuracy gap", "accuracy drop", "accuracy loss", "accuracy degradation", "performance gap",
    "performance drop", "performance loss", "performance degradation", "top-1 accuracy", "top-5 accuracy", "training throughput", "inference throughput", "decoding throughput",
    "end-to-end latency", "inference latency", "peak memory", "memory footprint", "memory usage",
    "memory consumption", "memory cost", "memory requirements", "memory requirement", "memory overhead",
    "energy efficiency", "energy consumption", "energy savings", "power consumption", "training time",
    "inference time", "training cost", "inference cost", "computational cost", "inference speed",
    "training speed", "decoding speed", "generation speed", "compression ratio", "compression rate",
    "success rate", "win rate", "error rate", "word error rate", "pass rate", "acceptance rate",
    "model size", "parameter count", "trainable parameters", "parameters", "FLOPs", "MACs", "throughput",
    "latency", "speedups", "speedup", "speed-ups", "speed-up", "speed", "acceleration", "accuracy", "precision",
    "recall", "sensitivity", "specificity", "perplexity", "FID", "BLEU", "ROUGE", "F1 score", "F1", "mAP", "mIoU",
    "IoU", "AUC", "AUROC", "PSNR", "SSIM", "RMSE", "MAE", "WER", "memory", "storage", "bandwidth", "energy", "power",
    "cost", "sparsity", "overhead", "runtime", "mortality", "survival", "prevalence", "incidence", "hazard ratio",
    "odds ratio", "relative risk", "risk", "yield", "correlation", "error", "loss", "reward", "score",
    "performance", "computation", "communication", "carbon emissions", "emissions",
)  # fmt: skip
# Measures of which a figure can say how high they stand.
LEVELS = frozenset(
    ("top-1 accuracy", "top-5 accuracy", "accuracy", "mAP", "mIoU", "IoU", "FID", "perplexity", "BLEU", "ROUGE", "F1", "AUC",
     "AUROC", "PSNR", "SSIM", "WER", "precision", "recall", "sensitivity", "specificity", "mortality", "prevalence")
)  # fmt: skip
METRIC = re.compile(
    r"\b(" + "|".join(re.escape(m) for m in sorted(METRICS, key=len, reverse=True)) + r")\b", re.I
)
# Comparatives that say what a factor or per cent is of.
COMPARATIVES = {
    "faster": "speed", "slower": "speed", "quicker": "speed", "smaller": "size", "larger": "size",
    "cheaper": "cost", "fewer parameters": "parameters", "less memory": "memory", "more accurate": "accuracy",
    "accelerate": "acceleration", "accelerates": "acceleration", "speeds up": "speed", "speed up": "speed",
    "sped up": "speed",
}  # fmt: skip
COMPARATIVE = re.compile(r"\b(" + "|".join(sorted(COMPARATIVES, key=len, reverse=True)) + r")\b", re.I)
HEDGE = re.compile(
    r"(?:up to|at most|at least|nearly|almost|about|around|approximately|roughly|over|more than|less than|an average of"
    r"|on average|average|averaging|as much as|as little as|only|just|within|below|above|under|~|≈|>|<|≥|≤|by a factor of)\s*$",
    re.I,
)
_DIRECTIONS = (
    r"drop(?:s|ped|ping)?|decreas\w+|reduc\w+|increas\w+|improv\w+|gain\w*|los(?:e|es|ing|s)|shrink\w*|cut(?:s|ting)?|sav\w+"
    r"|retain\w*|preserv\w+|maintain\w*|keep\w*|remov\w+|delet\w+|prun\w+|rais\w+|lower\w*|grow\w*|falls?|ris(?:es|ing)"
    r"|outperform\w*|exceed\w*|surpass\w*|accelerat\w+|degrad\w+"
)
DIRECTION = re.compile(
    rf"\b(?:{_DIRECTIONS}|loss(?:es)?|improvements?|reductions?|gap|higher|lower|better|worse|up to|at most)\b",
    re.I,
)
DIRECTION_BEFORE = re.compile(
    rf"\b(?:{_DIRECTIONS})\s+(?:by\s+|to\s+|of\s+|from\s+|at\s+)?(?:an?\s+)?$", re.I
)
DIRECTION_AFTER = re.compile(
    r"\s(?:(?:relative|absolute|average|fewer|less|more|faster|slower|higher|lower|smaller|larger|better|worse|longer|shorter"
    r"|cheaper|greater|wall-clock|overall|reductions?|improvements?|increases?|decreases?|drops?|gains?|savings?|speed-?ups?"
    r"|loss|degradation|acceleration|accuracy|of the)\b\s?)+",
    re.I,
)
# A measure right behind a figure, or right before it with the verb that ties them.
BEHIND = re.compile(r"^(?:[\s-](?!(?:than|with|that|of|on|for|in|and|or|while|over|compared)\b)[\w-]+){0,3}$")
BEFORE = re.compile(
    r"^(?:\s[\w-]+){0,4}?\s(?:by|of|to|at|is|are|was|reach(?:es|ed|ing)?|from)\s*$|^\s*[:=(]\s*$", re.I
)
BASELINE = re.compile(
    r"\b(?:over|than|versus|vs\.?|compared (?:to|with)|relative to|against)\s+"
    r"(?:the\s+|a\s+|an\s+|vanilla\s+|standard\s+|existing\s+|original\s+|previous\s+)*"
)
HARDWARE = re.compile(
    r"\b(?:(?:NVIDIA|Nvidia|AMD|Intel|Apple|Qualcomm|Jetson|Raspberry|RTX|GTX|GeForce|Tesla|Xeon|Gaudi|Snapdragon|TPU|TPUs"
    r"|FPGA|FPGAs|A100|H100|V100|H800|A800|A6000|L40|T4|Apple M\d|MI300X?)\b(?:[\s-](?:[A-Z]*\d[\w-]*|GPUs?|CPUs?|Nano|Orin|Ultra|Max|Pro))*)"
)
MODEL = re.compile(
    r"\b(?:[A-Z][\w.]*-)?(?:LLaMA|Llama|LLAMA|OPT|GPT|BERT|RoBERTa|DeBERTa|T5|Mistral|Mixtral|Qwen|Gemma|Phi|Falcon|Vicuna"
    r"|BLOOM|PaLM|ViT|DeiT|Swin|ResNet|MobileNet|EfficientNet|Stable Diffusion|SDXL|FLUX|DiT|PixArt|Whisper|CLIP(?!\s?-?[Ss]core)"
    r"|LLaVA|BLIP|SAM|YOLO\w*|Mamba|DeepSeek|ChatGLM|GLM|Yi|Pythia|U-Net|UNet|Jamba)"
    r"(?:[\s-]?(?:v?\d[\w.]*|[A-Z]\w*-?\d[\w.]*|Tiny|Small|Base|Large|XL|Chat|Instruct|Turbo|XXL|Adv|Omni))*(?![A-Za-z])"
)
DATA = re.compile(
    r"(?<![\w-])(?:ImageNet(?:-\w+)?|CIFAR-?\d+|MNIST|COCO|MS[- ]?COCO|GLUE|SuperGLUE|SQuAD|MMLU(?:-Pro)?|GSM8K|HumanEval|Human-eval|MBPP"
    r"|WikiText(?:-?\d+)?|C4|LongBench|RULER|MT-[Bb]ench|AlpacaEval|HellaSwag|ARC|PIQA|BoolQ|WinoGrande|TruthfulQA|LAMBADA"
    r"|ADE20K|Cityscapes|Kinetics-\d+|LibriSpeech|WMT\s?\d*|VQAv2|TextVQA|MMBench|MME|POPE|ScienceQA|nuScenes|KITTI"
    r"|Waymo|Pascal VOC|VOC|LSUN|CelebA(?:-HQ)?|FFHQ|LVIS|VTAB(?:-1[kK])?|MATH(?:-?500)?|AIME\s?\d*|BBH|BIG-bench|SWE-[Bb]ench"
    r"|PubMed|MIMIC(?:-\w+)?|UK Biobank|CheXpert|NLVR2|GenEval|BRIGHT|SPEC|MLPerf)(?![\w-]*[a-z])"
)

# Where authors say what their own work does not do; looked for in whole texts only.
LIMITS = re.compile(
    r"\b(?:limitations?|our (?:method|approach|study|work|experiments?|results?|analysis) (?:is|are|was|were) (?:limited|restricted|confined)"
    r"|(?:we|this (?:work|study|paper)) (?:only|do not|does not|did not|cannot|could not)|left (?:for|to) future work"
    r"|(?:is|are|was|were) (?:limited|restricted) to)\b",
    re.I,
)
